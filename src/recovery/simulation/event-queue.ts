/** What is to happen, earliest first; of equals, what was put in first. */
export interface EventQueue {
  push(time: number, event: number): void;
  /** Takes the earliest: its event, and `time` is when. −1 where nothing is left. */
  pop(): number;
  readonly time: number;
}

/** A binary heap over typed arrays. */
export function eventQueue(): EventQueue {
  let [times, events, orders] = [new Float64Array(1024), new Int32Array(1024), new Float64Array(1024)];
  let size = 0;
  let pushed = 0;
  let time = 0;

  const isEarlier = (a: number, b: number) => times[a] < times[b] || (times[a] === times[b] && orders[a] < orders[b]);
  function move(from: number, to: number): void {
    times[to] = times[from];
    events[to] = events[from];
    orders[to] = orders[from];
  }
  function swap(a: number, b: number): void {
    const [time, event, order] = [times[a], events[a], orders[a]];
    move(b, a);
    times[b] = time;
    events[b] = event;
    orders[b] = order;
  }
  function grow(): void {
    const [oldTimes, oldEvents, oldOrders] = [times, events, orders];
    [times, events, orders] = [new Float64Array(2 * size), new Int32Array(2 * size), new Float64Array(2 * size)];
    times.set(oldTimes);
    events.set(oldEvents);
    orders.set(oldOrders);
  }

  return {
    get time() {
      return time;
    },
    push(at, event) {
      if (size === times.length) grow();
      let place = size++;
      times[place] = at;
      events[place] = event;
      orders[place] = pushed++;
      for (let parent = (place - 1) >> 1; place > 0 && isEarlier(place, parent); parent = (place - 1) >> 1) {
        swap(place, parent);
        place = parent;
      }
    },
    pop() {
      if (size === 0) return -1;
      time = times[0];
      const event = events[0];
      move(--size, 0);
      for (let place = 0; ; ) {
        const left = 2 * place + 1;
        if (left >= size) return event;
        const child = left + 1 < size && isEarlier(left + 1, left) ? left + 1 : left;
        if (!isEarlier(child, place)) return event;
        swap(child, place);
        place = child;
      }
    },
  };
}
