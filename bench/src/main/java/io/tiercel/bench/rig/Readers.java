package io.tiercel.bench.rig;

import io.tiercel.bench.echo.EchoMessages;
import io.tiercel.bench.echo.EchoPath;
import io.tiercel.bench.load.Payloads;
import io.tiercel.bench.node.NodePath;
import io.tiercel.bench.peer.SocketPath;
import io.tiercel.client.Mode;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The systems that are read one value at a time, baselines before what is compared with them. Stateless. */
final class Readers {
    private Readers() {}

    static List<Subject> all(Servers servers) {
        return List.of(
                new Subject(Systems.AERON_IPC, "",
                        values -> EchoPath.overIpc(servers.echo().started(), requestLength(values),
                                replyLength(values))),
                new Subject(Systems.AERON_UDP, "",
                        values -> EchoPath.overUdp(servers.echo().started(), requestLength(values),
                                replyLength(values))),
                new Subject(Systems.REDIS_UNIX, Systems.AERON_IPC, Servers.missingRedis(),
                        values -> servers.redis().with(values).overUnix(values, 1)),
                new Subject(Systems.REDIS_TCP, Systems.AERON_UDP, Servers.missingRedis(),
                        values -> servers.redis().with(values).overTcp(values, 1)),
                new Subject(Systems.MEMCACHED_UNIX, Systems.AERON_IPC, Servers.missingMemcached(),
                        values -> servers.memcachedUnix().with(values).open(values, 1)),
                new Subject(Systems.MEMCACHED_TCP, Systems.AERON_UDP, Servers.missingMemcached(),
                        values -> servers.memcachedTcp().with(values).open(values, 1)),
                new Subject(Systems.HAZELCAST, Systems.AERON_UDP,
                        values -> servers.hazelcast().with(values).open(values)),
                new Subject(Systems.NGINX, Systems.AERON_UDP, Servers.missingNginx(),
                        values -> servers.nginx().with(values).open(values)),
                new Subject(Systems.MAPPED, Systems.REDIS_UNIX,
                        values -> NodePath.open(servers.node().with(values), Mode.MAPPED, values)),
                new Subject(Systems.IPC, Systems.AERON_IPC,
                        values -> NodePath.open(servers.node().with(values), Mode.IPC, values)),
                new Subject(Systems.UDP, Systems.AERON_UDP,
                        values -> NodePath.open(servers.node().with(values), Mode.UDP, values)),
                new Subject(Systems.HTTP, Systems.NGINX,
                        values -> SocketPath.http(servers.node().with(values).httpAddress(), "/v1/objects/", values)));
    }

    /** Without the one whose server takes some seconds to start. */
    static List<Subject> quick(Servers servers) {
        return all(servers).stream().filter(subject -> !subject.name().equals(Systems.HAZELCAST)).toList();
    }

    private static int requestLength(Payloads payloads) {
        return EchoMessages.requestLength(payloads.key(0).getBytes(StandardCharsets.UTF_8).length);
    }

    private static int replyLength(Payloads payloads) {
        return EchoMessages.replyLength(payloads.length());
    }
}
