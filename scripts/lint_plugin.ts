// The project's own lint rules, which `deno lint` and editors load by deno.json.
import { fileURLToPath } from "node:url";
import { safeText } from "./lint_safe_text.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url)).replaceAll("\\", "/");

/** Something of the process that only few files may touch. */
interface Restriction {
  /** Globals that are called, or members of globals; `.*` for all of their members. */
  readonly names: readonly string[];
  /** Folders (with a slash at their end) and files that it holds for. */
  readonly within: readonly string[];
  /** Files that may. */
  readonly except: readonly string[];
  readonly hint: string;
}

const RESTRICTIONS: readonly Restriction[] = [
  {
    names: ["console.*"],
    within: ["main.ts", "src/", "tests/"],
    except: [],
    hint: "Write to Terminal.stdout or Terminal.stderr",
  },
  {
    names: ["Deno.exit", "Deno.exitCode", "Deno.args"],
    within: ["src/", "tests/"],
    except: [],
    hint: "Only main.ts may: return an exit code, or throw a CliError",
  },
  {
    names: ["Deno.stdin", "Deno.stdout", "Deno.stderr", "Deno.consoleSize"],
    within: ["main.ts", "src/", "tests/"],
    except: ["src/term/system.ts", "src/term/write_at_once.ts"],
    hint: "Use Terminal, or Prompter to ask",
  },
  {
    names: ["Deno.addSignalListener", "Deno.removeSignalListener"],
    within: ["main.ts", "src/"],
    except: ["src/app/system.ts", "src/term/system.ts"],
    hint: "Use Process.signal, Process.onInterrupt or Terminal.onResize",
  },
  {
    names: ["Date.now", "performance.now", "setTimeout", "setInterval"],
    within: ["main.ts", "src/"],
    except: ["src/app/system.ts"],
    hint: "Use Clock",
  },
  {
    names: ["Deno.env"],
    within: ["main.ts", "src/"],
    except: ["src/app/system.ts"],
    hint: "Use Environment",
  },
  {
    names: ["fetch", "WebSocket"],
    within: ["main.ts", "src/"],
    except: ["src/app/system.ts"],
    hint: "Use Network",
  },
];

/** Functions whose first argument, and classes whose first parameter, is an error message. */
const MESSAGE_TAKERS = /^(?:usageError|[A-Z]\w*Error|Error)$/;

/** Errors whose first parameter is no message. */
const OTHER_ERRORS = ["AggregateError", "SuppressedError"];

const TESTS = ["Deno.test", "Deno.test.only", "Deno.test.ignore", "testWith"];

/** `symbol()`, `Class.member` or `CONSTANT`, then what it does. */
const UNIT_TEST_NAME = /^(?:[\w.#$]+\(\)|\w+\.[\w.#$]+|[A-Z][A-Z\d_]+) /;

function processAccess(context: Deno.lint.RuleContext): Deno.lint.LintVisitor {
  const path = projectPath(context.filename);
  const restrictions = RESTRICTIONS.filter(({ within, except }) =>
    within.some((place) => place.endsWith("/") ? path.startsWith(place) : path === place) &&
    !except.includes(path)
  );
  const check = (node: Deno.lint.Node, name: string) => {
    const found = restrictions.find(({ names }) => names.includes(name));
    if (found === undefined) return;
    context.report({ node, message: `${name} is out of bounds here`, hint: found.hint });
  };
  const checkCallee = ({ callee }: Deno.lint.CallExpression | Deno.lint.NewExpression) => {
    if (callee.type === "Identifier") check(callee, callee.name);
  };
  return {
    MemberExpression(node) {
      const name = memberName(node).replace(/^globalThis\./, "");
      check(node, name);
      check(node, name.replace(/\.\w+$/, ".*"));
    },
    CallExpression: checkCallee,
    NewExpression(node) {
      checkCallee(node);
      const isDate = node.callee.type === "Identifier" && node.callee.name === "Date";
      if (isDate && node.arguments.length === 0) check(node, "Date.now");
    },
  };
}

function noDefaultExport(context: Deno.lint.RuleContext): Deno.lint.LintVisitor {
  // Deno takes a plugin from the default export.
  if (projectPath(context.filename) === "scripts/lint_plugin.ts") return {};
  return {
    ExportDefaultDeclaration(node) {
      context.report({ node, message: "A default export has no name", hint: "Export it by name" });
    },
  };
}

function noTodo(context: Deno.lint.RuleContext): Deno.lint.LintVisitor {
  return {
    Program() {
      for (const comment of context.sourceCode.getAllComments()) {
        if (!/\b(?:TODO|FIXME|XXX|HACK)\b/.test(comment.value)) continue;
        context.report({
          range: comment.range,
          message: "Unfinished work is marked in a comment",
          hint: "Do it, or open an issue",
        });
      }
    },
  };
}

function errorMessage(context: Deno.lint.RuleContext): Deno.lint.LintVisitor {
  const check = (node: Deno.lint.CallExpression | Deno.lint.NewExpression) => {
    const [message] = node.arguments;
    const name = node.callee.type === "Identifier" ? node.callee.name : "";
    if (message === undefined || !MESSAGE_TAKERS.test(name) || OTHER_ERRORS.includes(name)) return;
    const { first, last } = endsOf(message);
    if (/^\p{Ll}/u.test(first)) {
      context.report({ node: message, message: "An error message begins with a small letter" });
    }
    if (/(?:^|[^.])\.$/.test(last)) {
      context.report({ node: message, message: "An error message ends with a full stop" });
    }
  };
  return { CallExpression: check, NewExpression: check };
}

function testName(context: Deno.lint.RuleContext): Deno.lint.LintVisitor {
  const path = projectPath(context.filename);
  return {
    CallExpression(node) {
      const callee = node.callee.type === "MemberExpression"
        ? memberName(node.callee)
        : context.sourceCode.getText(node.callee);
      if (!TESTS.includes(callee)) return;
      const name = node.arguments[callee === "testWith" ? 1 : 0];
      if (name === undefined) return;
      const { first, last } = endsOf(name);
      if (path.startsWith("tests/unit/") && first !== "" && !UNIT_TEST_NAME.test(first)) {
        context.report({
          node: name,
          message: "The name of a unit test does not begin with what it tests",
          hint: 'Name it like "symbol() does X when Y"',
        });
      }
      if (last.endsWith(".")) {
        context.report({ node: name, message: "The name of a test ends with a full stop" });
      }
    },
  };
}

/** The literal text at the start and at the end of an expression; empty where there is none. */
function endsOf(node: Deno.lint.Node): { readonly first: string; readonly last: string } {
  if (node.type === "Literal" && typeof node.value === "string") {
    return { first: node.value, last: node.value };
  }
  if (node.type === "TemplateLiteral") {
    return { first: node.quasis[0]?.cooked ?? "", last: node.quasis.at(-1)?.cooked ?? "" };
  }
  if (node.type === "BinaryExpression" && node.operator === "+") {
    return { first: endsOf(node.left).first, last: endsOf(node.right).last };
  }
  return { first: "", last: "" };
}

/** `a.b.c` of a chain of plain names; empty for anything else. */
function memberName(node: Deno.lint.MemberExpression): string {
  if (node.computed || node.property.type !== "Identifier") return "";
  const { object } = node;
  const owner = object.type === "Identifier"
    ? object.name
    : object.type === "MemberExpression"
    ? memberName(object)
    : "";
  return owner === "" ? "" : `${owner}.${node.property.name}`;
}

function projectPath(filename: string): string {
  const path = filename.replaceAll("\\", "/").replace(/^file:\/\//, "");
  return path.startsWith(ROOT) ? path.slice(ROOT.length) : path;
}

const plugin: Deno.lint.Plugin = {
  name: "limacharlie",
  rules: {
    "process-access": { create: processAccess },
    "no-default-export": { create: noDefaultExport },
    "no-todo": { create: noTodo },
    "error-message": { create: errorMessage },
    "test-name": { create: testName },
    "safe-text": { create: (context) => safeText(projectPath(context.filename), context) },
  },
};

export default plugin;
