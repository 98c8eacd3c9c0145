package io.tiercel.bench.peer;

import com.hazelcast.config.Config;
import com.hazelcast.config.InMemoryFormat;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import io.tiercel.bench.process.ChildLife;
import io.tiercel.bench.process.ScratchFolders;
import java.io.IOException;

/**
 * Main class of the child that is a Hazelcast member by itself: no cluster, no backups, no statistics, values kept as they
 * came. Arguments: its folders, its port.
 */
public final class HazelcastProcess {
    static final String MAP = "rig";

    private HazelcastProcess() {}

    public static void main(String[] arguments) throws IOException {
        ScratchFolders folders = ScratchFolders.ofArguments(arguments);
        int port = Integer.parseInt(arguments[2]);
        ChildLife.serve(folders, () -> {
            HazelcastInstance member = Hazelcast.newHazelcastInstance(config(port));
            return member::shutdown;
        });
    }

    private static Config config(int port) {
        Config config = new Config();
        HazelcastServer.silence(config.getProperties()::setProperty);
        config.getNetworkConfig().setPort(port).setPortAutoIncrement(false).setPublicAddress(HazelcastServer.address(
                port));
        config.getNetworkConfig().getInterfaces().setEnabled(true).addInterface("127.0.0.1");
        config.getNetworkConfig().getJoin().getAutoDetectionConfig().setEnabled(false);
        config.getNetworkConfig().getJoin().getMulticastConfig().setEnabled(false);
        config.getMapConfig(MAP).setInMemoryFormat(InMemoryFormat.BINARY).setBackupCount(0).setStatisticsEnabled(false);
        return config;
    }
}
