import { type Discrete, discrete, type Tuple, tuple } from "../space.ts";
import { ink, svg } from "../svg.ts";
import { type TabularEnv, tabularEnv } from "../tabular-env.ts";
import { type TransitionOutcome, type TransitionTable, tabulate } from "../transition-table.ts";

interface Rules {
  /** Sutton and Barto's rules: an ace with a ten beats all but another such pair. Excludes `natural`. */
  readonly sab: boolean;
  /** Whether winning with an ace and a ten at once pays 1.5. */
  readonly natural: boolean;
}

export interface BlackjackOptions extends Partial<Rules> {
  readonly maxEpisodeSteps?: number;
}

/** The player's sum, the dealer's open card, and whether an ace counts 11. */
export type BlackjackSpace = Tuple<readonly [Discrete, Discrete, Discrete]>;

/** Cards held: their sum, whether an ace counts 11 in it, and whether they are an ace and a ten, just dealt. */
interface Hand {
  readonly sum: number;
  readonly ace: boolean;
  readonly natural: boolean;
}

const stick = 0;
const cards = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
/** From an infinite deck, in which a ten, jack, queen and king are all tens. */
const chance = (card: number) => (card === 10 ? 4 : 1) / 13;
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);

const hands: readonly Hand[] = [
  ...range(4, 31).map((sum) => ({ sum, ace: false, natural: false })),
  ...range(12, 21).map((sum) => ({ sum, ace: true, natural: false })),
  { sum: 21, ace: true, natural: true },
];
const states = hands.length * cards.length;

/**
 * Come nearer to 21 than the dealer, who hits below 17, and not beyond. Stick is 0, hit is 1.
 * Sutton and Barto 2018, http://incompleteideas.net/book/the-book-2nd.html, example 5.1.
 */
export function blackjack(options: BlackjackOptions = {}): TabularEnv<BlackjackSpace> {
  const { sab = true, natural = false, maxEpisodeSteps = Infinity } = options;
  if (sab && natural) throw new RangeError("blackjack: sab and natural exclude each other, got both.");
  const space = tuple([discrete(32), discrete(11), discrete(2)]);
  return tabularEnv<BlackjackSpace>(table({ sab, natural }), {
    id: "Blackjack-v1",
    maxEpisodeSteps,
    observation: {
      space,
      of(state) {
        const { hand, dealer } = decode(state);
        return [hand.sum, dealer, Number(hand.ace)];
      },
    },
    draw,
  });
}

function encode({ sum, ace, natural }: Hand, dealer: number): number {
  const hand = hands.findIndex((other) => other.sum === sum && other.ace === ace && other.natural === natural);
  return hand * cards.length + dealer - 1;
}

function decode(state: number): { hand: Hand; dealer: number } {
  return { hand: hands[Math.floor(state / cards.length)], dealer: (state % cards.length) + 1 };
}

function hit({ sum, ace }: Hand, card: number): Hand {
  const low = sum - (ace ? 10 : 0) + card;
  const isHigh = (ace || card === 1) && low <= 11;
  return { sum: low + (isHigh ? 10 : 0), ace: isHigh, natural: false };
}

function deal(first: number, second: number): Hand {
  const hand = hit(hit({ sum: 0, ace: false, natural: false }, first), second);
  return { ...hand, natural: hand.sum === 21 };
}

function table(rules: Rules): TransitionTable {
  const dealers = cards.map((open) => {
    const ends = new Map<string, End>();
    for (const hidden of cards) playOut(deal(open, hidden), chance(hidden), ends);
    return [...ends.values()];
  });
  const P = tabulate(states, 2, (state, action) => {
    const { hand, dealer } = decode(state);
    if (hand.sum > 21) return [{ probability: 1, next: state, reward: 0, terminated: true }];
    if (action === stick) return settle(state, hand, dealers[dealer - 1], rules);
    return cards.map((card) => {
      const held = hit(hand, card);
      const isBust = held.sum > 21;
      return { probability: chance(card), next: encode(held, dealer), reward: isBust ? -1 : 0, terminated: isBust };
    });
  });
  const start = Array<number>(states).fill(0);
  for (const first of cards) {
    for (const second of cards) {
      for (const open of cards)
        start[encode(deal(first, second), open)] += chance(first) * chance(second) * chance(open);
    }
  }
  return { P, start };
}

/** What the dealer may end with. */
interface End {
  readonly score: number;
  readonly natural: boolean;
  probability: number;
}

function playOut(hand: Hand, probability: number, ends: Map<string, End>): void {
  if (hand.sum < 17) {
    for (const card of cards) playOut(hit(hand, card), probability * chance(card), ends);
    return;
  }
  const [score, { natural }] = [scoreOf(hand), hand];
  const end = ends.get(`${score} ${natural}`);
  if (end) end.probability += probability;
  else ends.set(`${score} ${natural}`, { score, natural, probability });
}

function scoreOf({ sum }: Hand): number {
  return sum > 21 ? 0 : sum;
}

/** Loss, draw and win, as far as they can happen. */
function settle(state: number, hand: Hand, ends: readonly End[], rules: Rules): TransitionOutcome[] {
  const chances = new Map<number, number>();
  for (const end of ends) {
    const reward = payment(hand, end, rules);
    chances.set(reward, (chances.get(reward) ?? 0) + end.probability);
  }
  return [...chances].map(([reward, probability]) => ({ probability, next: state, reward, terminated: true }));
}

function payment(player: Hand, dealer: End, { sab, natural }: Rules): number {
  if (sab && player.natural && !dealer.natural) return 1;
  const reward = Math.sign(scoreOf(player) - dealer.score);
  return !sab && natural && player.natural && reward === 1 ? 1.5 : reward;
}

function draw(state: number): string {
  const { hand, dealer } = decode(state);
  const { line, dark, body, accent } = ink;
  const card = (x: number, y: number, fill: string) =>
    `<rect x="${x}" y="${y}" width="96" height="134" rx="10" fill="${fill}" stroke="${line}" stroke-width="3"/>`;
  const name = (x: number, y: number, text: string | number, fill: string) =>
    `<text x="${x}" y="${y}" fill="${fill}">${text}</text>`;
  return svg(
    `<g font-family="system-ui,sans-serif" font-size="52" font-weight="600" text-anchor="middle">` +
      card(194, 40, "#fff") +
      name(242, 125, dealer === 1 ? "A" : dealer, dark) +
      card(310, 40, body) +
      (hand.ace ? card(136, 226, "#fff") + name(184, 311, "A", dark) : "") +
      `<circle cx="300" cy="293" r="62" fill="${hand.sum > 21 ? line : accent}"/>` +
      name(300, 311, hand.sum, "#fff") +
      "</g>",
  );
}
