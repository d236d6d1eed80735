import { defineConfig } from 'vitest/config';

const { VACANCY_TEST_REPORT: report } = process.env;

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Tests start processes, and machines are shared: one file at a time, and time enough.
    pool: 'forks',
    fileParallelism: false,
    testTimeout: 60_000,
    reporters: report === undefined ? ['default'] : ['default', ['json', { outputFile: report }]],
  },
});
