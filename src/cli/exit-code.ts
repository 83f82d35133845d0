/** How the command ends; scripts rely on these. */
export const exitCode = { done: 0, failed: 1, refused: 2, interrupted: 130 } as const;

export type ExitCode = (typeof exitCode)[keyof typeof exitCode];
