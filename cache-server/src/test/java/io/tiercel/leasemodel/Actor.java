package io.tiercel.leasemodel;

/** Who takes a step. */
enum Actor {
    NODE, CLIENT_A, CLIENT_B;

    static Actor client(int index) {
        return index == 0 ? CLIENT_A : CLIENT_B;
    }
}
