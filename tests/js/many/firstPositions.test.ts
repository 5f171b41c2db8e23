import fc from "fast-check";
import { expect, test } from "vitest";
import { firstPositions } from "../../../js/component/rows/several.js";
import { hexFromBytes } from "../support/keys.js";

// Which of many addresses are the same: by their paths.

const addresses = (paths: Uint8Array[]) =>
  paths.map((path) => ({ key: [], path: path.slice().buffer }));

test("each address has the position of the first with the same path", () => {
  const path = fc.uint8Array({ maxLength: 3, max: 1 });
  fc.assert(
    fc.property(fc.array(path, { maxLength: 60 }), (paths) => {
      const hex = paths.map((bytes) => hexFromBytes(bytes.slice().buffer));
      expect(firstPositions(addresses(paths))).toEqual(hex.map((one) => hex.indexOf(one)));
    }),
    { seed: 1, numRuns: 300 },
  );
});

test("bytes count one by one, and the longest path has as many as a key may", () => {
  const longest = (last: number) => new Uint8Array(2_048).fill(0xff).fill(last, 2_047);
  const paths = [[0xc3, 0xa9], [0xe9], [0], [], [0xc3, 0xa9], [0]].map((path) =>
    Uint8Array.of(...path),
  );
  expect(firstPositions(addresses([...paths, longest(1), longest(2), longest(1)]))).toEqual([
    0, 1, 2, 3, 0, 2, 6, 7, 6,
  ]);
});
