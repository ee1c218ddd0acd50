import js from "@eslint/js";
import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";

/** Where the real world may be touched: entropy, wall clock and timers live in these rooms only. */
const ownsTheRealWorld = ["src/random/**", "src/clock/**"];

const timers = ["setTimeout", "setInterval", "setImmediate"].map((name) => ({
  name,
  message: "Take a Clock (src/clock) as an argument instead.",
}));

export default defineConfig(
  { ignores: ["dist/", "runs/", "node_modules/", "coverage/", "examples/prisma/src/generated/"] },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  ...tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ["eslint.config.js", "scripts/*.mjs"] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      "@typescript-eslint/restrict-template-expressions": [
        "error",
        { allowNumber: true, allowBoolean: true },
      ],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "@typescript-eslint/consistent-type-definitions": ["error", "interface"],
      "@typescript-eslint/require-await": "off",
    },
  },
  {
    files: ["src/**/*.ts", "workloads/**/*.ts"],
    ignores: ownsTheRealWorld,
    rules: {
      "@typescript-eslint/explicit-module-boundary-types": "error",
      "no-restricted-globals": [
        "error",
        ...timers,
        { name: "performance", message: "Take a Clock (src/clock)." },
      ],
      "no-restricted-properties": [
        "error",
        { object: "Math", property: "random", message: "Take an Rng (src/random)." },
        { object: "Date", property: "now", message: "Take a Clock (src/clock)." },
        { object: "process", property: "hrtime", message: "Take a Clock (src/clock)." },
        { object: "crypto", property: "randomUUID", message: "Use src/random." },
        { object: "crypto", property: "randomBytes", message: "Use src/random." },
      ],
      "no-restricted-syntax": [
        "error",
        {
          selector: "NewExpression[callee.name='Date'][arguments.length=0]",
          message: "Take a Clock (src/clock).",
        },
      ],
      "no-restricted-imports": [
        "error",
        {
          paths: ["node:timers", "node:timers/promises", "timers", "timers/promises", "node:perf_hooks"].map(
            (name) => ({
              name,
              message: "Take a Clock (src/clock) as an argument instead.",
            }),
          ),
        },
      ],
    },
  },
  // The examples have dependencies of their own, which are not installed here: no rule that needs types.
  { files: ["**/*.js", "**/*.mjs", "examples/**/*.ts"], ...tseslint.configs.disableTypeChecked },
  {
    files: ["**/*.js", "**/*.mjs"],
    languageOptions: { globals: { process: "readonly", console: "readonly", AbortController: "readonly" } },
  },
  {
    files: ["test/**/*.ts", "bench/**/*.ts"],
    rules: { "@typescript-eslint/no-non-null-assertion": "off" },
  },
);
