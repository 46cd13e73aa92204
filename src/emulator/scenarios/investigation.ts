import type { Scenario } from "../scenario.ts";

/** A security investigation: what the emulator plays unless it is given another scenario. */
export const DEFAULT_SCENARIO: Scenario = {
  start_delay_ms: 0,
  pace_ms: 0,
  usage: { input_tokens: 2400, output_tokens: 180, cost_usd: 0.0099 },
  scripts: [
    {
      owner: "user",
      once: true,
      steps: [
        {
          frame: {
            type: "assistant",
            payload: {
              content: [{ type: "thinking", thinking: "Detections first, then the endpoint." }],
            },
          },
        },
        {
          say: [
            "I'll look into that. First the latest detections, then the host they came from.",
            "Reading what the rule saw.",
          ],
        },
        {
          tool: "Bash",
          input: { command: "jq -r .detect.event.COMMAND_LINE detections/latest.json" },
          result: "powershell.exe -nop -w hidden -enc SQBFAFgAIAAoAE4AZQB3AC0ATwBiAGoA…",
        },
        {
          tool: "Read",
          input: { file_path: "/workspace/detections/latest.json" },
          result: [
            {
              type: "text",
              text: JSON.stringify(
                {
                  cat: "encoded-powershell",
                  routing: { hostname: "WS-ACCT-22", sid: "9f6a…41c" },
                  event: { USER_NAME: "ACME\\mara", PARENT: "WINWORD.EXE" },
                },
                null,
                2,
              ),
            },
          ],
        },
        {
          say: "Word started a hidden, encoded PowerShell on WS-ACCT-22, as ACME\\mara. " +
            "I need the process tree from the endpoint itself.",
        },
        {
          tool: "Bash",
          input: { command: "limacharlie task send --sid 9f6a41c --task history_dump_processes" },
          result: "Ran: {{input.command}}\n" +
            "WINWORD.EXE (4120)\n" +
            "└─ powershell.exe (6644) → 203.0.113.57:443\n" +
            "   └─ rundll32.exe (7012) C:\\Users\\mara\\AppData\\Local\\Temp\\q7.dll,Start",
          denied: [
            {
              say: "Understood, I leave the endpoint alone ({{denial}}). " +
                "I go on with what the cloud already has.",
            },
          ],
        },
        {
          ask: [
            {
              header: "Containment",
              question: "How far should containment go?",
              options: [
                { label: "Isolate the host", description: "Cut WS-ACCT-22 off the network" },
                { label: "Block the address", description: "Block 203.0.113.57 at the edge" },
                { label: "Only report", description: "Change nothing, write it up" },
              ],
              multiSelect: false,
            },
          ],
        },
        {
          say: "Noted: **{{answers.Containment}}**. My findings:\n\n" +
            "1. A document macro on WS-ACCT-22 ran an encoded downloader.\n" +
            "2. It fetched `q7.dll` from 203.0.113.57 and loaded it with rundll32.\n" +
            "3. No other host has contacted that address in the last 30 days.",
        },
        {
          result: {
            summary: "Malicious macro on WS-ACCT-22; containment: {{answers.Containment}}",
          },
        },
      ],
    },
    {
      owner: "user",
      prompt: "\\b(scope|report)\\b",
      steps: [
        {
          ask: [
            {
              header: "Sources",
              question: "Which sources should the report draw on?",
              options: ["Detections", "Process trees", "Network events"],
              multiSelect: true,
            },
            { header: "Reader", question: "Who is going to read it?" },
          ],
        },
        {
          say: "I write it for {{answers.Reader}}, from: {{answers.Sources}}.",
        },
        { result: { summary: "Report outlined for {{answers.Reader}}" } },
      ],
    },
    {
      owner: "user",
      prompt: "\\b(isolate|contain|block)\\b",
      steps: [
        { say: "I put that in place now." },
        {
          tool: "Bash",
          input: { command: "limacharlie endpoint-policy isolate --sid 9f6a41c" },
          result: "ok: {{input.command}}",
          denied: [{ say: "Then I leave it as it is: {{denial}}." }],
        },
        {
          tool: "Bash",
          input: { command: "limacharlie endpoint-policy status --sid 9f6a41c" },
          result: "WS-ACCT-22: isolated",
          denied: [{ say: "I can't check the state without that." }],
        },
        { result: { summary: "Containment handled" } },
      ],
    },
    {
      owner: "user",
      prompt: "\\b(sweep|everything|all hosts)\\b",
      steps: [
        { say: "A sweep of all hosts takes a while; interrupt me at any time." },
        { wait_ms: 20_000 },
        { say: "214 of 640 hosts done, nothing so far." },
        { wait_ms: 20_000 },
        { say: "640 of 640 hosts done. Only WS-ACCT-22 has the file." },
        { result: { summary: "Sweep done: one host" } },
      ],
    },
    {
      owner: "user",
      prompt: "\\bcrash\\b",
      steps: [
        { error: { code: "session_crashed", message: "The runner's process died" } },
        { fail: { error: "Claude process died unexpectedly", details: "Exit code: 137" } },
      ],
    },
    {
      owner: "user",
      prompt: "\\b(goodbye|finish|wrap up)\\b",
      steps: [
        { say: "Everything is written down. Goodbye." },
        { result: { summary: "Investigation closed" } },
        { end: { reason: "completed", exit_code: 0 } },
      ],
    },
    {
      owner: "org",
      steps: [
        { say: "Triage of the detection begins." },
        {
          tool: "Bash",
          input: { command: "jq -r .detect.cat detections/latest.json" },
          result: "encoded-powershell",
        },
        {
          say: "Word started an encoded PowerShell. This is malicious and needs a person.",
        },
        { result: { summary: "Escalated: encoded PowerShell from Word" } },
      ],
    },
    {
      steps: [
        { say: 'On "{{prompt}}": nothing new since my last look; the host is quiet.' },
        { result: { summary: "Answered" } },
      ],
    },
  ],
};
