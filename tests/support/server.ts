import { systemClock } from "../../src/app/system.ts";
import { type Emulator, type EmulatorOptions, startEmulator } from "../../src/emulator/emulator.ts";

/** Starts the embedded server for a test, in real time unless it is given another clock. */
export function startServer(options: Partial<EmulatorOptions> = {}): Promise<Emulator> {
  return startEmulator({ clock: systemClock, ...options });
}
