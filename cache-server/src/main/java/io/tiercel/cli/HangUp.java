package io.tiercel.cli;

import java.lang.reflect.Proxy;

/**
 * The signal by which servers are told to read their configuration again. It is reached by reflection, since the compiler
 * warns of the only class that the JDK has for it. Stateless.
 */
final class HangUp {
    private HangUp() {}

    /**
     * Has each SIGHUP run an action, on a thread of its own, instead of ending the process; false where there is no such
     * signal, or the process was started to ignore it, as {@code nohup} does.
     */
    static boolean register(Runnable action) {
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
