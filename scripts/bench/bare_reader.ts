// A WebSocket reader that only counts: `bare_reader.ts URL TOKEN`. It ends with the link.
const [url = "", token = ""] = Deno.args;
const socket = new WebSocket(url, ["access_token", token]);
let count = 0;
socket.onmessage = () => {
  count++;
};
socket.onclose = () => console.log(count);
