package io.tiercel.ingress;

/**
 * What clients are told and held to.
 *
 * @param nodeName shown to clients.
 * @param incarnation of this node, as in the control file.
 * @param nonce of the control file: who returns it can read the node's files.
 * @param maxClients sessions at a time.
 * @param keepAliveMs silence after which a client is dropped.
 */
public record IngressSettings(String nodeName, long incarnation, long nonce, int maxClients,
        int keepAliveMs) {}
