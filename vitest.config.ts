import { availableParallelism } from "node:os";

import { defineConfig, type ViteUserConfig } from "vitest/config";

const config: ViteUserConfig = defineConfig({
  resolve: { conditions: ["isolab-source"] },
  ssr: { resolve: { conditions: ["isolab-source"] } },
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/support/global-setup.ts"],
    setupFiles: ["test/support/property-seed.ts"],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Tests wait for servers more than they compute: with two cores, one worker leaves a core idle.
    maxWorkers: Math.max(2, availableParallelism() - 1),
  },
});

export default config;
