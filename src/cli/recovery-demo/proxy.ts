import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import type { FaultKind } from "./schedule.ts";

/** A way to a service on which faults happen, by TCP. */
export interface FaultyProxy {
  readonly port: number;
  /** Connections that met a fault, refused ones not counted: those never come here. */
  readonly troubled: number;
  /** From now on, for new connections; null for none. */
  inject(fault: FaultKind | null): void;
  close(): Promise<void>;
}

/** Longer than any client waits. */
export const latencyMs = 600;
/** A reset lets this much of the answer through. */
const bytesBeforeReset = 20;
/** Orders that a heavy request asks for; what asks for fewer is answered. */
export const heavyBatch = 24;

export async function createProxy(target: number): Promise<FaultyProxy> {
  const sockets = new Set<Socket>();
  let fault: FaultKind | null = null;
  let troubled = 0;
  const server = createServer((client) => {
    keep(client);
    if (fault === null) return pass(client);
    troubled++;
    afflict[fault](client);
  });

  function keep(socket: Socket): void {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket)).on("error", () => socket.destroy());
  }

  function upstream(client: Socket): Socket {
    const socket = connect(target, "127.0.0.1");
    keep(socket);
    client.on("close", () => socket.destroy());
    return socket;
  }

  function pass(client: Socket, first?: Buffer): void {
    const socket = upstream(client);
    if (first) socket.write(first);
    client.pipe(socket).pipe(client);
  }

  const afflict: Record<FaultKind, (client: Socket) => void> = {
    refusal: (client) => client.resetAndDestroy(), // it came just before nobody listened
    latency: (client) =>
      onRequest(client, (head) => {
        const timer = setTimeout(() => pass(client, head), latencyMs);
        client.on("close", () => clearTimeout(timer)); // who hangs up is not heard later
      }),
    reset: breakOff,
    throttle: (client) => onRequest(client, () => answer(client, "429 Too Many Requests", "{}", "retry-after: 1\r\n")),
    garbage: (client) => onRequest(client, () => answer(client, "200 OK", '{"orders": [{"id": 1, "amo')),
    heavy: (client) =>
      onRequest(client, (head) => {
        const batch = Number(/[?&]batch=(\d+)/.exec(head.toString("latin1"))?.[1] ?? 0);
        if (batch > heavyBatch) answer(client, "503 Service Unavailable", "{}");
        else pass(client, head);
      }),
  };

  /** The service gets the request and does what it asks; the client never hears of it. */
  function breakOff(client: Socket): void {
    const socket = upstream(client);
    client.pipe(socket);
    socket.once("data", (chunk) => {
      client.write(chunk.subarray(0, bytesBeforeReset), () => client.resetAndDestroy());
    });
  }

  function listen(port: number): Promise<void> {
    return new Promise((resolve) => {
      server.once("error", () => setTimeout(() => listen(port).then(resolve), 5)); // someone has the port for a moment
      server.listen(port, "127.0.0.1", () => {
        server.removeAllListeners("error");
        resolve();
      });
    });
  }

  await listen(0);
  const { port } = server.address() as AddressInfo;
  return {
    port,
    get troubled() {
      return troubled;
    },
    inject(next) {
      if (next === "refusal" && fault !== "refusal") server.close();
      if (next !== "refusal" && fault === "refusal") void listen(port);
      fault = next;
    },
    close() {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}

function onRequest(client: Socket, then: (head: Buffer) => void): void {
  client.once("data", then);
}

function answer(client: Socket, status: string, body: string, headers = ""): void {
  client.end(`HTTP/1.1 ${status}\r\n${headers}content-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`);
}
