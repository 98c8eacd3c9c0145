package io.tiercel.load;

/**
 * How frames of one mount are kept, and how its store is asked. Immutable.
 *
 * @param isReadOnly whether writes and deletes are refused.
 */
public record MountPolicy(Freshness freshness, Sizes sizes, Protection protection, boolean isReadOnly) {

    /** Everything by default but the largest object that is kept. */
    public static MountPolicy of(long maxObject) {
        return new MountPolicy(Freshness.USUAL, Sizes.of(maxObject), Protection.USUAL, false);
    }

    public MountPolicy with(Freshness newFreshness) {
        return new MountPolicy(newFreshness, sizes, protection, isReadOnly);
    }

    public MountPolicy with(Sizes newSizes) {
        return new MountPolicy(freshness, newSizes, protection, isReadOnly);
    }

    public MountPolicy with(Protection newProtection) {
        return new MountPolicy(freshness, sizes, newProtection, isReadOnly);
    }

    public MountPolicy readOnly() {
        return new MountPolicy(freshness, sizes, protection, true);
    }
}
