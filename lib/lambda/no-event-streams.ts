/** Stands in for the SDK's event streams in the bundles: no call of ours streams, and their codec is 20 kB. Only the bundler names this file. */

/** Same names as in `@smithy/core/event-streams`. */
export class EventStreamSerde {
  constructor() {
    throw new Error("event streams are left out of the bundle");
  }
}

export function eventStreamSerdeProvider(): never {
  throw new Error("event streams are left out of the bundle");
}
