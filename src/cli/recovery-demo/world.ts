import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { call } from "./call.ts";
import { createProxy, type FaultyProxy } from "./proxy.ts";
import type { Fault, Place } from "./schedule.ts";

export interface Order {
  readonly id: number;
  readonly customer: number;
  readonly amount: number;
}

/** Services that one contestant has for itself, as he reaches them. */
export interface World {
  /** Orders of a page, so many at a time. */
  orders(page: number, batch: number, signal?: AbortSignal): Promise<Order[]>;
  /** The same from the replica. */
  replica(page: number, signal?: AbortSignal): Promise<Order[]>;
  /** The same from yesterday's snapshot, which nothing disturbs. */
  snapshot(page: number, signal?: AbortSignal): Promise<Order[]>;
  /** Books a page's total: whoever does it twice has booked it twice. */
  book(page: number, total: number, signal?: AbortSignal): Promise<void>;
  /** Takes a booking back, all of it. */
  unbook(page: number): Promise<void>;
  /** How often each page was booked. */
  readonly ledger: ReadonlyMap<number, number>;
  /** Connections that met a fault on their way. */
  troubled(): number;
  /** Lets the faults happen, from now on. Resolves at the end of the last. */
  disturb(faults: readonly Fault[]): Promise<void>;
  close(): Promise<void>;
}

export const ordersPerPage = 96;

export async function createWorld(): Promise<World> {
  const ledger = new Map<number, number>();
  const [orders, replica, snapshot, warehouse] = await Promise.all([
    ordersService(),
    ordersService(),
    ordersService(),
    serve((url, method) => {
      const page = Number(url.searchParams.get("page"));
      ledger.set(page, method === "DELETE" ? 0 : (ledger.get(page) ?? 0) + 1);
      return {};
    }),
  ]);
  const proxies: Record<Place, FaultyProxy> = {
    orders: await createProxy(portOf(orders)),
    replica: await createProxy(portOf(replica)),
    warehouse: await createProxy(portOf(warehouse)),
  };
  const servers = [orders, replica, snapshot, warehouse];

  async function fetchOrders(port: number, page: number, batch: number, signal?: AbortSignal): Promise<Order[]> {
    const all: Order[] = [];
    for (let from = 0; from < ordersPerPage; from += batch) {
      const path = `/orders?page=${page}&from=${from}&batch=${batch}`;
      all.push(...(await call<{ orders: Order[] }>(port, path, { signal })).orders);
    }
    return all;
  }

  return {
    orders: (page, batch, signal) => fetchOrders(proxies.orders.port, page, batch, signal),
    replica: (page, signal) => fetchOrders(proxies.replica.port, page, ordersPerPage, signal),
    snapshot: (page, signal) => fetchOrders(portOf(snapshot), page, ordersPerPage, signal),
    async book(page, total, signal) {
      await call(proxies.warehouse.port, `/bookings?page=${page}&total=${total}`, { method: "POST", signal });
    },
    async unbook(page) {
      await call(proxies.warehouse.port, `/bookings?page=${page}`, { method: "DELETE" });
    },
    ledger,
    troubled: () => proxies.orders.troubled + proxies.warehouse.troubled,
    async disturb(faults) {
      const begin = performance.now();
      const until = (second: number) => sleep(Math.max(0, begin + second * 1000 - performance.now()));
      for (const { kind, from, to, places } of faults) {
        await until(from);
        for (const place of places) proxies[place].inject(kind);
        await until(to);
        for (const place of places) proxies[place].inject(null);
      }
    },
    async close() {
      await Promise.all(Object.values(proxies).map((proxy) => proxy.close()));
      for (const server of servers) {
        server.closeAllConnections();
        server.close();
      }
    },
  };
}

/** Pages of orders, as many as are asked for at a time. */
function ordersService(): Promise<Server> {
  return serve(({ searchParams }) => {
    const [page, from, batch] = ["page", "from", "batch"].map((name) => Number(searchParams.get(name)));
    const orders = Array.from({ length: Math.min(batch, ordersPerPage - from) }, (_, i) => {
      const id = page * ordersPerPage + from + i;
      return { id, customer: id % 7, amount: (id * 37) % 100 };
    });
    return { orders };
  });
}

function serve(answer: (url: URL, method: string) => unknown): Promise<Server> {
  const server = createServer((request, response) => {
    request.resume();
    const body = JSON.stringify(answer(new URL(request.url ?? "/", "http://localhost"), request.method ?? "GET"));
    response.writeHead(200, { "content-type": "application/json", "content-length": body.length }).end(body);
  });
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server)));
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

export function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
