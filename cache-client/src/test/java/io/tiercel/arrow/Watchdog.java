package io.tiercel.arrow;

import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Ends its process, naming the step, when one takes too long. */
final class Watchdog implements AutoCloseable {
    static final int EXIT_CODE = 86;

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(runnable -> {
        Thread thread = new Thread(runnable, "watchdog");
        thread.setDaemon(true);
        return thread;
    });

    void guard(String step, long timeoutSeconds, Runnable body) {
        Future<?> alarm = timer.schedule(() -> {
            System.out.println("HANG " + step);
            System.out.flush();
            Runtime.getRuntime().halt(EXIT_CODE);
        }, timeoutSeconds, TimeUnit.SECONDS);
        body.run();
        alarm.cancel(false);
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
