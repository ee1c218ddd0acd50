import { describe, expect, test } from "vitest";

import { around, moved, showing, zoomed } from "../../../src/report/browser/view.ts";

const whole = { from: 0, to: 1_000 };

describe("zooming", () => {
  test("keeps the moment under the pointer where it is", () => {
    const view = zoomed({ from: 100, to: 500 }, 0.5, 200, whole, 4);
    expect(view).toEqual({ from: 150, to: 350 });
    // A quarter of the width before and after.
    expect((200 - view.from) / (view.to - view.from)).toBe(0.25);
  });

  test("ends at the whole and at the narrowest view", () => {
    expect(zoomed({ from: 100, to: 900 }, 10, 200, whole, 4)).toEqual(whole);
    const narrow = zoomed({ from: 100, to: 110 }, 0.001, 105, whole, 4);
    expect(narrow).toEqual({ from: 103, to: 107 });
  });
});

test("moving stops at both ends and keeps the width", () => {
  expect(moved({ from: 100, to: 300 }, -500, whole)).toEqual({ from: 0, to: 200 });
  expect(moved({ from: 100, to: 300 }, 5_000, whole)).toEqual({ from: 800, to: 1_000 });
});

test("an operation outside the view is brought to its middle, one inside moves nothing", () => {
  const view = { from: 0, to: 100 };
  expect(showing(view, { from: 20, to: 30 }, whole)).toBe(view);
  expect(showing(view, { from: 500, to: 510 }, whole)).toEqual({ from: 455, to: 555 });
});

test("several operations are shown with room around them", () => {
  expect(around({ from: 400, to: 500 }, whole, 4)).toEqual({ from: 370, to: 530 });
  expect(around({ from: 0, to: 1_000 }, whole, 4)).toEqual(whole);
});
