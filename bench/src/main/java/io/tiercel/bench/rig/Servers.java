package io.tiercel.bench.rig;

import io.tiercel.bench.echo.EchoServer;
import io.tiercel.bench.node.NodeServer;
import io.tiercel.bench.peer.HazelcastServer;
import io.tiercel.bench.peer.MemcachedServer;
import io.tiercel.bench.peer.NginxServer;
import io.tiercel.bench.peer.RedisServer;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.agrona.CloseHelper;
import org.jspecify.annotations.Nullable;

/** Every server of one rig, started when it is first needed. One thread; closing ends them all. */
final class Servers implements AutoCloseable {
    private final Filled<NodeServer> node;
    private final Filled<EchoServer> echo = new Filled<>(EchoServer::start, (server, payloads) -> {});
    private final Filled<RedisServer> redis = new Filled<>(RedisServer::start, RedisServer::fill);
    private final Filled<MemcachedServer> memcachedTcp = new Filled<>(MemcachedServer::overTcp, MemcachedServer::fill);
    private final Filled<MemcachedServer> memcachedUnix = new Filled<>(MemcachedServer::overUnix,
            MemcachedServer::fill);
    private final Filled<HazelcastServer> hazelcast = new Filled<>(HazelcastServer::start, HazelcastServer::fill);
    private final Filled<NginxServer> nginx = new Filled<>(NginxServer::start, NginxServer::fill);

    /** @param nodeCapacity bytes of the node's mapped tier. */
    Servers(long nodeCapacity) {
        this.node = new Filled<>(() -> NodeServer.start(nodeCapacity), NodeServer::fill);
    }

    Filled<NodeServer> node() {
        return node;
    }

    Filled<EchoServer> echo() {
        return echo;
    }

    Filled<RedisServer> redis() {
        return redis;
    }

    Filled<MemcachedServer> memcachedTcp() {
        return memcachedTcp;
    }

    Filled<MemcachedServer> memcachedUnix() {
        return memcachedUnix;
    }

    Filled<HazelcastServer> hazelcast() {
        return hazelcast;
    }

    Filled<NginxServer> nginx() {
        return nginx;
    }

    static String missingRedis() {
        return missing(RedisServer::program, RedisServer.PACKAGE);
    }

    static String missingMemcached() {
        return missing(MemcachedServer::program, MemcachedServer.PACKAGE);
    }

    static String missingNginx() {
        return missing(NginxServer::program, NginxServer.PACKAGE);
    }

    /** What a row says of a program that is not there, empty when it is. */
    static String missing(Supplier<@Nullable Path> program, String packageName) {
        return program.get() == null ? "not installed: " + packageName : "";
    }

    @Override
    public void close() {
        CloseHelper.quietCloseAll(node, echo, redis, memcachedTcp, memcachedUnix, hazelcast, nginx);
    }
}
