/** A queue as SQS's standard ones are: a message that was received is hidden for a while, and stays until it is deleted. */
import { randomUUID } from "node:crypto";
import { type Message, memoryJournal, type QueueJournal } from "./queue-journal.ts";

export interface ReceivedMessage extends Message {
  /** Deletes the message; also after it was received again. */
  readonly receipt: string;
  readonly receiveCount: number;
}

export interface Queue {
  /** Kept once this returns. */
  send(body: string): Message;
  /** Up to `count` messages, oldest first, hidden from other receivers for `hiddenMs`. */
  receive(options: { readonly count: number; readonly hiddenMs: number }): ReceivedMessage[];
  /** False where the receipt is of no message of this queue, or the message is gone. */
  delete(receipt: string): boolean;
  /** How many messages there are, hidden ones included. */
  depth(): number;
  /** All messages, oldest first, hiding none. */
  peek(): readonly Message[];
}

interface Held extends Message {
  readonly hiddenUntilMs: number;
  readonly receiveCount: number;
}

export interface QueueOptions {
  readonly journal?: QueueJournal;
  readonly now?: () => Date;
}

/** Begins with what the journal holds. */
export function createQueue({ journal = memoryJournal(), now = () => new Date() }: QueueOptions = {}): Queue {
  const messages = new Map<string, Held>(
    journal.messages().map((message) => [message.id, { ...message, hiddenUntilMs: 0, receiveCount: 0 }]),
  );
  return {
    send(body) {
      const message = { id: randomUUID(), body, sentAtMs: now().getTime() };
      journal.sent(message);
      messages.set(message.id, { ...message, hiddenUntilMs: 0, receiveCount: 0 });
      return message;
    },

    receive({ count, hiddenMs }) {
      const nowMs = now().getTime();
      const visible = [...messages.values()].filter(({ hiddenUntilMs }) => hiddenUntilMs <= nowMs).slice(0, count);
      return visible.map(({ id, body, sentAtMs, receiveCount }) => {
        messages.set(id, { id, body, sentAtMs, hiddenUntilMs: nowMs + hiddenMs, receiveCount: receiveCount + 1 });
        return { id, body, sentAtMs, receiveCount: receiveCount + 1, receipt: `${id}#${receiveCount + 1}` };
      });
    },

    delete(receipt) {
      const [id = ""] = receipt.split("#");
      if (!messages.has(id)) return false;
      journal.deleted(id);
      return messages.delete(id);
    },

    depth: () => messages.size,

    peek: () => [...messages.values()].map(({ id, body, sentAtMs }) => ({ id, body, sentAtMs })),
  };
}
