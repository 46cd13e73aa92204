/** The one module that may say that a string is safe for a terminal. */
const MAKERS = ["src/render/safe_text.ts"];

/** Takes safe text apart and puts it together again, which no type can follow. */
const OVERLOADS = [...MAKERS, "src/render/width.ts"];

/**
 * Finds ways around the type `SafeText`: that a string is declared to be safe instead of made so,
 * that the template tag is called with words from elsewhere, and that a value of type `any`, which
 * passes for every type, gets as far as to be used.
 */
export function safeText(path: string, context: Deno.lint.RuleContext): Deno.lint.LintVisitor {
  if (!/^(?:main\.ts$|src\/)/.test(path) || MAKERS.includes(path)) return {};
  const report = (node: Deno.lint.Node, message: string, hint: string) =>
    context.report({ node, message, hint });
  const names = (node: Deno.lint.Node | null | undefined) =>
    node !== null && node !== undefined && /\bSafeText\b/.test(context.sourceCode.getText(node));
  const checkCast = (
    node: Deno.lint.TSAsExpression | Deno.lint.TSTypeAssertion,
  ) => {
    const { expression, typeAnnotation: type } = node;
    // The emulator has no way to a terminal.
    const isTwice = !path.startsWith("src/emulator/") && expression.type === "TSAsExpression" &&
      expression.typeAnnotation.type === "TSUnknownKeyword";
    const isNamed = type.type === "TSTypeReference" && type.typeName.type === "Identifier" &&
      type.typeName.name !== "const";
    if (names(type)) report(node, "A string is declared to be safe", USE_SANITIZE);
    else if (isNamed && expression.type === "ObjectExpression") {
      report(node, "A cast can make a part pass for safe text", "Declare the type");
    } else if (isTwice || type.type === "TSNeverKeyword" || type.type === "TSAnyKeyword") {
      report(node, "A cast to any type can make a string pass for a safe one", "Check the value");
    }
  };
  return {
    Program() {
      for (const comment of context.sourceCode.getAllComments()) {
        if (
          !/deno-lint-ignore.*safe-text|@ts-(?:ignore|nocheck|expect-error)/.test(comment.value)
        ) {
          continue;
        }
        context.report({
          range: comment.range,
          message: "A comment keeps a string that is not safe from being found",
          hint: USE_SANITIZE,
        });
      }
    },
    TSAsExpression: checkCast,
    TSTypeAssertion: checkCast,
    ImportSpecifier({ imported, local }) {
      if (imported.type !== "Identifier" || !/^(?:S|s)afeText$/.test(imported.name)) return;
      if (local.name !== imported.name) {
        report(local, "Under another name it is not looked after", "Keep its name");
      }
    },
    TSTypePredicate(node) {
      if (names(node)) report(node, "A string is declared to be safe", USE_SANITIZE);
    },
    TSDeclareFunction(node) {
      if (names(node.returnType) && !OVERLOADS.includes(path)) {
        report(node, "An overload declares a string to be safe", USE_SANITIZE);
      }
    },
    VariableDeclaration(node) {
      if (node.declare && names(node)) {
        report(node, "A string is declared to be safe", USE_SANITIZE);
      }
    },
    Identifier(node) {
      if (node.name !== "safeText") return;
      const { type } = node.parent;
      if (type === "TaggedTemplateExpression" || type === "ImportSpecifier") return;
      report(node, "safeText is for literal words only", "Use it as the tag of a template");
    },
    CallExpression(node) {
      const { callee } = node;
      const callback = rejectionHandler(node);
      const parameter = callback?.params[0];
      if (parameter?.type === "Identifier" && parameter.typeAnnotation === undefined) {
        report(parameter, "What was thrown has the type any", "Declare it unknown");
      }
      if (context.sourceCode.getText(callee) === "JSON.parse" && !isTyped(node)) {
        report(node, "What JSON.parse gives has the type any", "Give it to a variable: unknown");
      }
    },
  };
}

const USE_SANITIZE = "Use sanitize, spellOut, escapeJson or safeText";

/** The function that gets what was thrown. */
function rejectionHandler(
  { callee, arguments: [first, second] }: Deno.lint.CallExpression,
): Deno.lint.ArrowFunctionExpression | Deno.lint.FunctionExpression | undefined {
  if (callee.type !== "MemberExpression" || callee.property.type !== "Identifier") return undefined;
  const { name } = callee.property;
  const handler = name === "catch" ? first : name === "then" ? second : undefined;
  return handler?.type === "ArrowFunctionExpression" || handler?.type === "FunctionExpression"
    ? handler
    : undefined;
}

/** Whether a value gets another type than any at once. */
function isTyped(node: Deno.lint.Expression): boolean {
  const { parent } = node;
  switch (parent.type) {
    case "VariableDeclarator":
      return /^(?:Identifier|ObjectPattern|ArrayPattern)$/.test(parent.id.type) &&
        "typeAnnotation" in parent.id && parent.id.typeAnnotation !== undefined;
    case "ConditionalExpression":
    case "AwaitExpression":
      return isTyped(parent);
    case "AssignmentExpression":
    case "ReturnStatement":
      return true;
    case "CallExpression":
      return parent.callee.type === "Identifier";
    default:
      return false;
  }
}
