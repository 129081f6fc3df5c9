import { expect, test, vi } from "vitest";
import { writePairing } from "../../src/background/pairing";
import { changePreferences } from "../../src/shared/preferences";
import { onStoredChange } from "../../src/shared/stored";

test("a pairing is told of, another choice is not", async () => {
  const told = vi.fn();
  onStoredChange("daemon", told);
  await changePreferences({ silence: true });
  expect(told).not.toHaveBeenCalled();
  await writePairing({ port: 9001, token: "secret" });
  expect(told).toHaveBeenCalledTimes(1);
});
