/** A run was refused or has failed; the message says where and why. */
export class RunError extends Error {
  override readonly name = "RunError";
}
