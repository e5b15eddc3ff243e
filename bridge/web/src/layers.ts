import type { Beat } from "./words";

export interface Placed {
  beat: Beat;
  column: number;
  row: number;
}

/** Beats in columns, by the fewest steps from the start; unreachable beats come last. */
export function layers(beats: Beat[], start: string): Placed[] {
  const byId = new Map(beats.map((beat) => [beat.id, beat]));
  const column = new Map<string, number>();
  let edge = byId.has(start) ? [start] : [];
  for (let depth = 0; edge.length; depth += 1) {
    for (const id of edge) column.set(id, depth);
    const next = edge.flatMap((id) => byId.get(id)?.ways.map((way) => way.to) ?? []);
    edge = [...new Set(next)].filter((id) => byId.has(id) && !column.has(id));
  }
  const last = Math.max(-1, ...column.values()) + 1;
  const rows = new Map<number, number>();
  return beats.map((beat) => {
    const at = column.get(beat.id) ?? last;
    const row = rows.get(at) ?? 0;
    rows.set(at, row + 1);
    return { beat, column: at, row };
  });
}
