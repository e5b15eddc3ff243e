import type { Light, State } from "./protocol";

type Row = { id: string; colour: number[]; direction: number[] | null };

/** A state whose lights have colours and directions as rows of numbers, which the set reads. */
export function withRows(state: Partial<State>): Record<string, unknown> {
  const { lights, fade } = state;
  return {
    ...state,
    ...(lights && { lights: lights.map(row) }),
    ...(fade && { fade: { ...fade, lights: fade.lights.map(row) } }),
  };
}

function row({ id, colour, direction }: Light): Row {
  return {
    id,
    colour: [colour.x, colour.y, colour.z],
    direction: direction && [direction.x, direction.y, direction.z],
  };
}
