package io.tiercel.bench.peer;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.SocketChannel;

/** Whether somebody accepts connections somewhere. Stateless. */
final class Reachable {
    private Reachable() {}

    static boolean is(SocketAddress address) {
        try (SocketChannel channel = SocketChannel.open(address)) {
            return channel.isConnected();
        } catch (IOException e) {
            return false;
        }
    }
}
