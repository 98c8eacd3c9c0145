package io.tiercel.bench.rig;

/** Names of systems as rows and the documentation have them. Stateless. */
final class Systems {
    static final String MAPPED = "tiercel-mapped";
    static final String IPC = "tiercel-ipc";
    static final String UDP = "tiercel-udp";
    static final String HTTP = "tiercel-http";
    static final String AERON_IPC = "aeron-ipc-echo";
    static final String AERON_UDP = "aeron-udp-echo";
    static final String REDIS_UNIX = "redis-unix";
    static final String REDIS_TCP = "redis-tcp";
    static final String MEMCACHED_UNIX = "memcached-unix";
    static final String MEMCACHED_TCP = "memcached-tcp";
    static final String HAZELCAST = "hazelcast";
    static final String FLIGHT = "flight";
    static final String NGINX = "nginx";

    private Systems() {}
}
