import { expect, test, vi } from "vitest";
import { onPairingChanged, writePairing } from "../../src/background/pairing";
import { changePreferences } from "../../src/shared/preferences";

test("a pairing is told of, another choice is not", async () => {
  const told = vi.fn();
  onPairingChanged(told);
  await changePreferences({ silence: true });
  expect(told).not.toHaveBeenCalled();
  await writePairing({ port: 9001, token: "secret" });
  expect(told).toHaveBeenCalledTimes(1);
});
