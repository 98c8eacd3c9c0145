package io.tiercel.bench.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import org.agrona.CloseHelper;

/** Ports of the loopback interface that nobody listens on at the moment, for servers that cannot choose. Stateless. */
public final class FreePorts {
    private FreePorts() {}

    /** Distinct ones. */
    public static List<Integer> udp(int count) {
        List<DatagramSocket> held = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                held.add(new DatagramSocket(0, InetAddress.getLoopbackAddress()));
            }
            return held.stream().map(DatagramSocket::getLocalPort).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            CloseHelper.closeAll(held);
        }
    }

    public static int tcp() {
        try (ServerSocket held = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return held.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
