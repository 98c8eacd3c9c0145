package io.tiercel.leasemodel;

/** Takes the steps that are possible in a state. */
interface Steps {
    /** A step that leads to {@code next}, which is valid during the call alone. */
    void possible(Actor actor, Step step, ModelState next);

    /** A step that breaks an invariant. */
    void broken(Actor actor, Step step, ModelState next, Invariant invariant);
}
