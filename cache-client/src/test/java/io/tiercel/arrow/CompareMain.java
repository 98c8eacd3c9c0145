package io.tiercel.arrow;

import java.nio.file.Path;

/** Reads files, each mapped for reading, by this package and by Arrow's readers. Prints a line a file. */
final class CompareMain {
    private static final long TIMEOUT_SECONDS = 30;

    private CompareMain() {}

    /** Takes a verification, then files. */
    public static void main(String[] args) {
        Verification verification = Verification.valueOf(args[0]);
        try (Watchdog watchdog = new Watchdog()) {
            for (int i = 1; i < args.length; i++) {
                Path file = Path.of(args[i]);
                watchdog.guard(file.toString(), TIMEOUT_SECONDS, () -> {
                    LentBytes lent = LentBytes.map(file);
                    String outcome = ArrowReference.outcome(lent, verification);
                    String held = lent.closeCount() == 1 ? "" : "LEAKED closes=" + lent.closeCount() + " ";
                    System.out.println(file.getFileName() + "\t" + held + outcome.replace('\n', ' '));
                });
            }
        }
        System.out.println("done");
    }
}
