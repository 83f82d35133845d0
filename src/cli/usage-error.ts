/** The request was wrong: the message says what came and what is accepted. The command ends with code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
