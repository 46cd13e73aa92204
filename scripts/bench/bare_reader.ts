// A WebSocket reader that only counts: `bare_reader.ts URL TOKEN FRAMES` leaves after that many.
const [url = "", token = "", frames = ""] = Deno.args;
const socket = new WebSocket(url, ["access_token", token]);
const wanted = Number(frames);
let count = 0;
socket.onmessage = () => {
  if (++count < wanted) return;
  console.log(count);
  socket.close();
};
