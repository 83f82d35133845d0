/** A call that was not made, because the breaker keeps calls from the service. Surely without effect. */
export class BreakerOpenError extends Error {
  override readonly name = "BreakerOpenError";

  constructor(service: string) {
    super(`${service}: not called, the breaker is open.`);
  }
}
