/** Rows in columns, for people. */

export interface Column<Row> {
  readonly heading: string;
  readonly cell: (row: Row) => string;
  /** Colours the padded cell. */
  readonly paint?: (text: string, row: Row) => string;
}

/** Lines of a table that comes in pages: widths only grow, and the heading stands once. */
export function tableOf<Row>(columns: readonly Column<Row>[]) {
  const widths = columns.map(({ heading }) => heading.length);
  let isHeaded = false;
  return {
    /** The next rows' lines, below the heading if they are the first. */
    lines(rows: readonly Row[]): string {
      const cells = rows.map((row) => columns.map(({ cell }) => cell(row)));
      for (const line of cells) {
        for (const [place, text] of line.entries()) widths[place] = Math.max(widths[place] ?? 0, text.length);
      }
      const padded = (text: string, place: number): string =>
        place === columns.length - 1 ? text : text.padEnd(widths[place] ?? 0);
      const heading = isHeaded ? [] : [columns.map(({ heading: text }, place) => padded(text, place)).join("  ")];
      isHeaded = true;
      const body = cells.map((line, at) =>
        line.map((text, place) => painted(columns[place], padded(text, place), rows[at])).join("  "),
      );
      return [...heading, ...body].map((line) => line.trimEnd()).join("\n");
    },
  };
}

function painted<Row>(column: Column<Row> | undefined, text: string, row: Row | undefined): string {
  return column?.paint && row !== undefined ? column.paint(text, row) : text;
}
