import './tools/node-version.js';

// TypeScript is only stripped here; types are checked by `npm run check`.
const transform = {
  '^.+\\.ts$': [
    '@swc/jest',
    { jsc: { target: 'es2024', parser: { syntax: 'typescript' } }, module: { type: 'es6' }, sourceMaps: 'inline' },
  ],
};
const project = (displayName, options = {}) => ({
  displayName,
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  roots: [`<rootDir>/test/${displayName}`],
  testMatch: ['**/*.test.ts'],
  transform,
  ...options,
});

// jest takes no time limit per project from here; this file sets it.
const patient = { setupFilesAfterEnv: ['<rootDir>/test/support/time-limit.ts'] };

const shared = {
  ...patient,
  globalSetup: '<rootDir>/test/e2e/global-setup.ts',
  globalTeardown: '<rootDir>/test/e2e/global-teardown.ts',
};

export default {
  projects: [
    project('unit'),
    project('integration', patient),
    project('e2e', shared),
    project('chaos', patient),
    project('soak', patient),
    project('nightly', shared),
  ],
};
