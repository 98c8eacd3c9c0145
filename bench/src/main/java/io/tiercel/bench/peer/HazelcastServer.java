package io.tiercel.bench.peer;

import com.hazelcast.client.HazelcastClient;
import com.hazelcast.client.config.ClientConfig;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import io.tiercel.bench.load.Payloads;
import io.tiercel.bench.load.ReadPath;
import io.tiercel.bench.process.ChildJvm;
import io.tiercel.bench.process.FreePorts;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.BiConsumer;

/**
 * A member of Hazelcast in a JVM of its own, run as a node is, and its clients: values are arrays of bytes, there is no
 * near cache, since that would be no server. Threadsafe.
 */
public final class HazelcastServer implements AutoCloseable {
    private final ChildJvm process;
    private final int port;

    private HazelcastServer(ChildJvm process, int port) {
        this.process = process;
        this.port = port;
    }

    public static HazelcastServer start() {
        int port = FreePorts.tcp();
        return new HazelcastServer(ChildJvm.start(HazelcastProcess.class, Integer.toString(port)), port);
    }

    static String address(int port) {
        return "127.0.0.1:" + port;
    }

    /** Neither logs nor calls home. */
    static void silence(BiConsumer<String, String> properties) {
        properties.accept("hazelcast.logging.type", "none");
        properties.accept("hazelcast.phone.home.enabled", "false");
        properties.accept("hazelcast.shutdownhook.enabled", "false");
    }

    private HazelcastInstance connect() {
        ClientConfig config = new ClientConfig();
        silence(config::setProperty);
        config.getNetworkConfig().addAddress(address(port));
        config.getConnectionStrategyConfig().getConnectionRetryConfig().setClusterConnectTimeoutMillis(30_000);
        return HazelcastClient.newHazelcastClient(config);
    }

    /** Sets all values. */
    public void fill(Payloads payloads) {
        HazelcastInstance client = connect();
        try {
            IMap<String, byte[]> map = client.getMap(HazelcastProcess.MAP);
            ByteBuffer value = payloads.valueBuffer();
            for (int number = 0; number < payloads.count(); number++) {
                Payloads.number(value, number);
                byte[] bytes = new byte[value.capacity()];
                value.get(0, bytes);
                map.set(payloads.key(number), bytes);
            }
        } finally {
            client.shutdown();
        }
    }

    /** A client of its own. */
    public ReadPath open(Payloads payloads) {
        return new Path(connect(), payloads);
    }

    @Override
    public void close() {
        process.close();
    }

    private static final class Path implements ReadPath {
        private final HazelcastInstance client;
        private final IMap<String, byte[]> map;
        private final Payloads payloads;
        private final String[] keys;

        Path(HazelcastInstance client, Payloads payloads) {
            this.client = client;
            this.map = client.getMap(HazelcastProcess.MAP);
            this.payloads = payloads;
            this.keys = new String[payloads.count()];
            for (int number = 0; number < keys.length; number++) {
                keys[number] = payloads.key(number);
            }
        }

        @Override
        public boolean read() {
            int number = payloads.draw();
            byte[] value = map.get(keys[number]);
            if (value == null) {
                return false;
            }
            payloads.requireRight(number, ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN).getLong(0),
                    value.length);
            return true;
        }

        @Override
        public void close() {
            client.shutdown();
        }
    }
}
