package io.tiercel.storage.s3;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.InvocationTargetException;

/** S3Proxy in a JVM of its own, which ends with the one that started it. Uses nothing but the JDK and what it starts. */
final class S3ProxyMain {
    private S3ProxyMain() {}

    public static void main(String[] arguments) throws ReflectiveOperationException {
        Thread.ofPlatform().daemon().name("parent").start(S3ProxyMain::endWithParent);
        try {
            Class.forName("org.gaul.s3proxy.Main").getMethod("main", String[].class).invoke(null, (Object) arguments);
        } catch (InvocationTargetException e) {
            throw new IllegalStateException("S3Proxy does not start", e.getCause());
        }
    }

    /** The other end of the standard input closes in whatever way that process ends. */
    private static void endWithParent() {
        try {
            System.in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            // As good as its end.
        }
        Runtime.getRuntime().halt(0);
    }
}
