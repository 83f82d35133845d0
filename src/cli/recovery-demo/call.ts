import { request } from "node:http";

export interface CallOptions {
  readonly method?: "GET" | "POST" | "DELETE";
  readonly signal?: AbortSignal | undefined;
}

/** Longer than this, and the caller waits no more. */
export const timeoutMs = 200;

/** One request on a connection of its own, and the JSON of its answer. */
export function call<T>(port: number, path: string, { method = "GET", signal }: CallOptions = {}): Promise<T> {
  return new Promise((resolve, reject) => {
    const sent = request(
      { host: "127.0.0.1", port, path, method, agent: false, ...(signal && { signal }) },
      (response) => {
        let body = "";
        response.setEncoding("utf8");
        response.on("data", (chunk: string) => {
          body += chunk;
        });
        response.on("error", reject);
        response.on("end", () => {
          const { statusCode: status = 0, headers } = response;
          if (status >= 400) return reject(Object.assign(new Error(`HTTP ${status}`), { status, headers }));
          try {
            resolve(JSON.parse(body));
          } catch (error) {
            reject(error);
          }
        });
      },
    );
    const timer = setTimeout(() => {
      sent.destroy(Object.assign(new Error(`no answer within ${timeoutMs} ms`), { name: "TimeoutError" }));
    }, timeoutMs);
    sent.on("error", reject).on("close", () => clearTimeout(timer));
    sent.end();
  });
}
