package io.tiercel.storage.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressRuleTest {
    @ParameterizedTest
    @ValueSource(strings = {"8.8.8.8", "1.1.1.1", "100.63.255.255", "100.128.0.0", "172.15.255.255", "172.32.0.1",
        "192.167.1.1", "169.253.1.1", "11.0.0.1", "223.255.255.255", "2001:4860:4860::8888", "2606:4700::1111",
        "2a00:1450::1"})
    void shouldPassPublicAddresses(String address) throws UnknownHostException {
        assertThat(AddressRule.isPublic(InetAddress.getByName(address))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.0", "100.127.255.255",
        "100.100.100.200", "127.0.0.1", "127.255.255.254", "169.254.169.254", "172.16.0.1", "172.31.255.255",
        "192.0.0.192", "192.168.1.1", "198.18.0.1", "198.19.255.255", "224.0.0.1", "240.0.0.1", "255.255.255.255",
        "168.63.129.16", "::", "::1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1", "fe80::1",
        "fc00::1", "fd00:ec2::254", "fec0::1", "ff02::1", "64:ff9b::7f00:1", "2002:7f00:1::1", "2001::1",
        "2001:db8::1", "100::1"})
    void shouldRefuseThoseOfOnesOwnNetwork(String address) throws UnknownHostException {
        assertThat(AddressRule.isPublic(InetAddress.getByName(address))).isFalse();
    }
}
