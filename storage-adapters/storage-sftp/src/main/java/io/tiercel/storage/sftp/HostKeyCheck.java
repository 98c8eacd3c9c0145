package io.tiercel.storage.sftp;

/** Which servers are believed to be the one that is meant. */
enum HostKeyCheck {
    /** Those whose key stands in the file of known hosts. */
    STRICT,
    /** Trust on first use: a host that the file does not know is believed and remembered there; a changed key is not. */
    TOFU,
    /** Everybody who answers. */
    ANY
}
