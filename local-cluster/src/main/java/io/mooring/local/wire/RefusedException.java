package io.mooring.local.wire;

/** A request is answered with an error; carries the whole answer. */
public final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Answer answer;

    public RefusedException(Answer answer) {
        this(answer, null);
    }

    public RefusedException(Answer answer, Throwable cause) {
        super(answer.status() + " " + answer.bodyText(), cause);
        this.answer = answer;
    }

    /** A refusal with a plain text. */
    public static RefusedException of(int status, String text) {
        return new RefusedException(Answer.text(status, text));
    }

    public Answer answer() {
        return answer;
    }
}
