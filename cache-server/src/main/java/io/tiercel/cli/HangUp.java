package io.tiercel.cli;

import java.lang.reflect.Proxy;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * The signal by which servers are told to read their configuration again. It is reached by reflection, since the compiler
 * warns of the only class that the JDK has for it. Threadsafe.
 */
final class HangUp {
    private final FutureTask<Boolean> registration;

    private HangUp(FutureTask<Boolean> registration) {
        this.registration = registration;
    }

    /**
     * Begins, on a thread of its own, to have each SIGHUP run an action instead of ending the process. The action runs on
     * a thread of its own too.
     */
    static HangUp register(Runnable action) {
        FutureTask<Boolean> registration = new FutureTask<>(() -> isTaken(action));
        Thread.ofPlatform().name("tiercel-hangup").daemon().start(registration);
        return new HangUp(registration);
    }

    /**
     * Waits until signals arrive; false where there is no such signal, or the process was started to ignore it, as
     * {@code nohup} does.
     */
    boolean isHeard() throws InterruptedException {
        try {
            return registration.get();
        } catch (ExecutionException e) {
            return false;
        }
    }

    private static boolean isTaken(Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object hook = Proxy.newProxyInstance(HangUp.class.getClassLoader(), new Class<?>[]{handler}, (proxy, method,
                    arguments) -> {
                if (method.getName().equals("handle")) {
                    action.run();
                }
                return null;
            });
            Object before = signal.getMethod("handle", signal, handler).invoke(null, signal.getConstructor(String.class)
                    .newInstance("HUP"), hook);
            return !handler.getField("SIG_IGN").get(null).equals(before);
        } catch (ReflectiveOperationException | RuntimeException e) {
            return false;
        }
    }
}
