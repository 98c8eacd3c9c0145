package io.tiercel.storage.http;

import java.net.Inet4Address;
import java.net.InetAddress;

/**
 * Which addresses are anybody's on the Internet, and which lead into somebody's own network: loopback, private and shared
 * ranges, link-local ones (where clouds keep their metadata), and the ways to spell those in IPv6.
 */
final class AddressRule {
    /** First, second and third byte, and how many bits count, of networks in IPv4 that are not public. */
    private static final int[][] REFUSED_V4 = {{0, 0, 0, 8}, {10, 0, 0, 8}, {100, 64, 0, 10}, {127, 0, 0, 8},
        {169, 254, 0, 16}, {172, 16, 0, 12}, {192, 0, 0, 24}, {192, 0, 2, 24}, {192, 88, 99, 24}, {192, 168, 0, 16},
        {198, 18, 0, 15}, {198, 51, 100, 24}, {203, 0, 113, 24}, {224, 0, 0, 3}};
    /** Where the virtual machines of one cloud find their host. */
    private static final int CLOUD_HOST = 0xA83F8110;

    private AddressRule() {}

    static boolean isPublic(InetAddress address) {
        // An IPv4 address in IPv6's clothes is an Inet4Address to the JDK.
        byte[] bytes = address.getAddress();
        return address instanceof Inet4Address ? isPublicV4(first32(bytes)) : isPublicV6(first32(bytes));
    }

    private static boolean isPublicV4(int address) {
        for (int[] network : REFUSED_V4) {
            int prefix = (network[0] << 24) | (network[1] << 16) | (network[2] << 8);
            if (((address ^ prefix) & (-1 << (32 - network[3]))) == 0) {
                return false;
            }
        }
        return address != CLOUD_HOST;
    }

    /** Only 2000::/3 is given out; of it, what carries IPv4 addresses or leads nowhere is refused. */
    private static boolean isPublicV6(int first) {
        boolean given = (first >>> 29) == 1;
        boolean special = (first >>> 9) == (0x20010000 >>> 9);
        boolean sixToFour = (first >>> 16) == 0x2002;
        boolean documentation = first == 0x20010DB8 || (first >>> 12) == 0x3FFF0;
        return given && !special && !sixToFour && !documentation;
    }

    private static int first32(byte[] bytes) {
        return (bytes[0] << 24) | ((bytes[1] & 0xFF) << 16) | ((bytes[2] & 0xFF) << 8) | (bytes[3] & 0xFF);
    }
}
