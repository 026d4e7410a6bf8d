import tseslint from 'typescript-eslint'

/** Casts by which something unverified could pass for verified. */
const FORGERIES = [
  { selector: 'TSAsExpression > TSNeverKeyword', message: 'a cast to never forges anything, proofs included' },
  {
    selector: 'TSAsExpression TSTypeReference[typeName.name=/^(Verified(Client|Statement)|Approved|Reserved|Proven)/]',
    message: 'a proof is made by prove() in the stage that verified it',
  },
]

const COPIES = {
  selector: "CallExpression[callee.object.name='Object'][callee.property.name='assign']",
  message: 'Object.assign gives a copy the type of what it copies, proofs included; spread instead',
}

export default tseslint.config(
  { ignores: ['dist/**', 'coverage/**', 'eslint.config.js'] },
  ...tseslint.configs.strictTypeChecked,
  ...tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/dot-notation': 'off', // tsc's noPropertyAccessFromIndexSignature asks for the opposite
      '@typescript-eslint/no-extraneous-class': ['error', { allowEmpty: true }], // types of expressions are marker classes
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true }],
      'no-console': 'error',
      eqeqeq: 'error',
      'max-lines': ['error', { max: 250, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
    },
  },
  { files: ['src/**'], rules: { 'no-restricted-syntax': ['error', ...FORGERIES, COPIES] } },
  // Merging the sections of policy files is what Object.assign is for; no proof is an argument there.
  { files: ['src/policy/**'], rules: { 'no-restricted-syntax': ['error', ...FORGERIES] } },
  // The one place where a value becomes a proof; its type parameter is the name that tells proofs apart.
  {
    files: ['src/model/proof.ts'],
    rules: { 'no-restricted-syntax': 'off', '@typescript-eslint/no-unnecessary-type-parameters': 'off' },
  },
  // Tries to do what the other rules here forbid.
  {
    files: ['test/architecture/proofs.test.ts'],
    rules: {
      '@typescript-eslint/no-misused-spread': 'off',
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
    },
  },
  { files: ['test/**'], rules: { 'max-lines-per-function': 'off', 'no-console': 'off' } },
)
