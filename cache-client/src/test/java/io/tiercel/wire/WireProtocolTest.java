package io.tiercel.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeron.ChannelUri;
import org.junit.jupiter.api.Test;

class WireProtocolTest {
    @Test
    void shouldNameTheChannelsOfVersion1() {
        assertThat(WireProtocol.ipcRequestChannel(-5)).isEqualTo("aeron:ipc?term-length=4m|session-id=-5");
        assertThat(WireProtocol.ipcChannel()).isEqualTo("aeron:ipc");
        assertThat(WireProtocol.ipcReplyChannel()).isEqualTo("aeron:ipc?term-length=4m");
        assertThat(ChannelUri.parse(WireProtocol.udpRequestChannel("[::1]:8740", 5)).get("endpoint"))
                .isEqualTo("[::1]:8740");
        assertThat(WireProtocol.udpChannel("h:0")).isEqualTo("aeron:udp?endpoint=h:0");
    }

    @Test
    void shouldFitAChunkAndItsHeaderIntoAMessage() {
        int maxMessage = WireProtocol.TERM_LENGTH / 8;
        assertThat(WireProtocol.IPC_CHUNK_LENGTH + 4096).isLessThan(maxMessage);
        assertThat(WireProtocol.UDP_CHUNK_LENGTH + 4096).isLessThan(maxMessage);
    }
}
