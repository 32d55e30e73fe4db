-- What all migrations make. Written by scripts/snapshot.py.
CREATE TABLE access_token (
    id bigint NOT NULL,
    hash character varying(64) NOT NULL,
    label character varying(80) NOT NULL,
    scopes jsonb NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone,
    revoked_at timestamp with time zone,
    person_id uuid NOT NULL
);
CREATE SEQUENCE access_token_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE access_token_id_seq OWNED BY access_token.id;
CREATE TABLE agenda_item (
    id bigint NOT NULL,
    "position" integer NOT NULL,
    title character varying(200) NOT NULL,
    body text NOT NULL,
    salt bytea NOT NULL,
    state character varying(12) NOT NULL,
    reason character varying(500) NOT NULL,
    done_at timestamp with time zone,
    meeting_id bigint NOT NULL,
    requested_by_id bigint
);
CREATE SEQUENCE agenda_item_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE agenda_item_id_seq OWNED BY agenda_item.id;
CREATE TABLE amendment (
    id bigint NOT NULL,
    base integer NOT NULL,
    title character varying(200) NOT NULL,
    body text NOT NULL,
    reason character varying(500) NOT NULL,
    salt bytea NOT NULL,
    state character varying(10) NOT NULL,
    answer character varying(500) NOT NULL,
    at timestamp with time zone NOT NULL,
    decided_at timestamp with time zone,
    author_id uuid NOT NULL,
    party_id bigint,
    proposal_id bigint NOT NULL
);
CREATE SEQUENCE amendment_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE amendment_id_seq OWNED BY amendment.id;
CREATE TABLE area (
    id bigint NOT NULL,
    code character varying(20) NOT NULL,
    name character varying(120) NOT NULL,
    name_en character varying(120) NOT NULL,
    level character varying(12) NOT NULL,
    support_threshold integer,
    parent_id bigint
);
CREATE SEQUENCE area_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE area_id_seq OWNED BY area.id;
CREATE TABLE area_within (
    id bigint NOT NULL,
    depth smallint NOT NULL,
    ancestor_id bigint NOT NULL,
    descendant_id bigint NOT NULL
);
CREATE SEQUENCE area_within_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE area_within_id_seq OWNED BY area_within.id;
CREATE TABLE attachment (
    id bigint NOT NULL,
    kind character varying(20) NOT NULL,
    subject_id bigint NOT NULL,
    file_id bigint NOT NULL
);
CREATE SEQUENCE attachment_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE attachment_id_seq OWNED BY attachment.id;
CREATE TABLE attendance (
    id bigint NOT NULL,
    came_at timestamp with time zone NOT NULL,
    left_at timestamp with time zone,
    person_id uuid NOT NULL,
    seat_id bigint NOT NULL
);
CREATE SEQUENCE attendance_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE attendance_id_seq OWNED BY attendance.id;
CREATE TABLE ballot (
    id bigint NOT NULL,
    title character varying(200) NOT NULL,
    question text NOT NULL,
    method character varying(20) NOT NULL,
    passing character varying(20) NOT NULL,
    quorum_numerator integer NOT NULL,
    quorum_denominator integer NOT NULL,
    max_choices integer,
    secret boolean NOT NULL,
    state character varying(12) NOT NULL,
    opens_at timestamp with time zone NOT NULL,
    closes_at timestamp with time zone NOT NULL,
    eligible integer NOT NULL,
    "cast" integer NOT NULL,
    frozen character varying(64) NOT NULL,
    result jsonb,
    void_reason character varying(500) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    area_id bigint NOT NULL,
    author_id uuid NOT NULL,
    host_id bigint NOT NULL,
    proposal_id bigint,
    details jsonb DEFAULT '{}'::jsonb NOT NULL,
    electorate character varying(12) DEFAULT 'residents'::character varying NOT NULL,
    blocs jsonb DEFAULT '[]'::jsonb NOT NULL,
    weighted boolean DEFAULT false NOT NULL,
    shuffled boolean DEFAULT false NOT NULL,
    rerun_of_id bigint,
    eligible_weight bigint DEFAULT 0 NOT NULL,
    anonymous boolean DEFAULT false NOT NULL,
    token_key text DEFAULT ''::text NOT NULL,
    complaints_until timestamp with time zone,
    final_at timestamp with time zone
);
CREATE TABLE ballot_complaint (
    id bigint NOT NULL,
    number integer NOT NULL,
    reason text NOT NULL,
    salt bytea NOT NULL,
    at timestamp with time zone NOT NULL,
    answer_by timestamp with time zone NOT NULL,
    upheld boolean,
    answer text NOT NULL,
    answered_at timestamp with time zone,
    ballot_id bigint NOT NULL,
    party_id bigint,
    person_id uuid NOT NULL
);
CREATE SEQUENCE ballot_complaint_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE ballot_complaint_id_seq OWNED BY ballot_complaint.id;
CREATE SEQUENCE ballot_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE ballot_id_seq OWNED BY ballot.id;
CREATE TABLE box_entry (
    tag character varying(32) NOT NULL,
    ballot_id bigint NOT NULL,
    sealed bytea NOT NULL
);
CREATE TABLE certification (
    id bigint NOT NULL,
    bloc character varying(12) NOT NULL,
    at timestamp with time zone NOT NULL,
    ballot_id bigint NOT NULL,
    party_id bigint NOT NULL,
    person_id uuid NOT NULL
);
CREATE SEQUENCE certification_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE certification_id_seq OWNED BY certification.id;
CREATE TABLE charter (
    id bigint NOT NULL,
    title character varying(120) NOT NULL,
    purpose text NOT NULL,
    subject_kind character varying(12) NOT NULL,
    subject_id bigint,
    state character varying(12) NOT NULL,
    version integer NOT NULL,
    text_hash character varying(64) NOT NULL,
    clauses_made integer NOT NULL,
    language character varying(8) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    opened_at timestamp with time zone,
    signing_at timestamp with time zone,
    in_force_at timestamp with time zone,
    over_at timestamp with time zone,
    over_reason character varying(500) NOT NULL,
    area_id bigint NOT NULL,
    convener_id bigint NOT NULL,
    supersedes_id bigint
);
CREATE SEQUENCE charter_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE charter_id_seq OWNED BY charter.id;
CREATE TABLE charter_version (
    id bigint NOT NULL,
    number integer NOT NULL,
    text text NOT NULL,
    hash character varying(64) NOT NULL,
    reason character varying(500) NOT NULL,
    at timestamp with time zone NOT NULL,
    by_id bigint,
    charter_id bigint NOT NULL
);
CREATE SEQUENCE charter_version_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE charter_version_id_seq OWNED BY charter_version.id;
CREATE TABLE clause (
    id bigint NOT NULL,
    number integer NOT NULL,
    kind character varying(8) NOT NULL,
    holder_bloc character varying(12) NOT NULL,
    counterpart_bloc character varying(12) NOT NULL,
    text text NOT NULL,
    basis character varying(300) NOT NULL,
    due_kind character varying(10) NOT NULL,
    due_on date,
    rule character varying(200) NOT NULL,
    roll boolean NOT NULL,
    trigger character varying(300) NOT NULL,
    days integer NOT NULL,
    evidence character varying(500) NOT NULL,
    revision integer NOT NULL,
    charter_id bigint NOT NULL,
    counterpart_id bigint,
    counterpart_area_id bigint,
    declarer_id bigint,
    holder_id bigint,
    holder_area_id bigint
);
CREATE TABLE clause_answer (
    id bigint NOT NULL,
    duty_id bigint NOT NULL,
    right_id bigint NOT NULL
);
CREATE SEQUENCE clause_answer_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE clause_answer_id_seq OWNED BY clause_answer.id;
CREATE TABLE clause_change (
    id bigint NOT NULL,
    number integer,
    revision integer NOT NULL,
    op character varying(8) NOT NULL,
    content jsonb,
    reason text NOT NULL,
    salt bytea NOT NULL,
    state character varying(10) NOT NULL,
    at timestamp with time zone NOT NULL,
    decided_at timestamp with time zone,
    answer character varying(500) NOT NULL,
    by_id bigint NOT NULL,
    charter_id bigint NOT NULL,
    decided_by_id bigint,
    person_id uuid
);
CREATE SEQUENCE clause_change_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE clause_change_id_seq OWNED BY clause_change.id;
CREATE SEQUENCE clause_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE clause_id_seq OWNED BY clause.id;
CREATE TABLE closed_box (
    ballot_id bigint NOT NULL,
    head text NOT NULL,
    papers integer NOT NULL,
    sha256 character varying(64) NOT NULL
);
CREATE TABLE comment (
    id bigint NOT NULL,
    stance character varying(8) NOT NULL,
    body text NOT NULL,
    salt bytea NOT NULL,
    hidden_reason character varying(500) NOT NULL,
    at timestamp with time zone NOT NULL,
    author_id uuid NOT NULL,
    parent_id bigint,
    party_id bigint,
    proposal_id bigint NOT NULL,
    answers integer DEFAULT 0 NOT NULL
);
CREATE SEQUENCE comment_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE comment_id_seq OWNED BY comment.id;
CREATE TABLE deadline (
    id bigint NOT NULL,
    kind character varying(12) NOT NULL,
    subject_id bigint NOT NULL,
    started_at timestamp with time zone NOT NULL,
    due_at timestamp with time zone NOT NULL,
    working_days integer NOT NULL,
    provisional boolean NOT NULL,
    extended_at timestamp with time zone,
    extension_reason character varying(500) NOT NULL,
    answered_at timestamp with time zone,
    warned smallint NOT NULL,
    department_id bigint NOT NULL,
    warn_at timestamp with time zone,
    ended character varying(10) DEFAULT ''::character varying NOT NULL
);
CREATE SEQUENCE deadline_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE deadline_id_seq OWNED BY deadline.id;
CREATE TABLE escalation (
    id bigint NOT NULL,
    reason text NOT NULL,
    salt bytea NOT NULL,
    at timestamp with time zone NOT NULL,
    person_id uuid NOT NULL,
    response_id bigint NOT NULL
);
CREATE SEQUENCE escalation_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE escalation_id_seq OWNED BY escalation.id;
CREATE TABLE evidence (
    id bigint NOT NULL,
    kind character varying(4) NOT NULL,
    url character varying(500) NOT NULL,
    file_id bigint,
    step_id bigint NOT NULL
);
CREATE SEQUENCE evidence_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE evidence_id_seq OWNED BY evidence.id;
CREATE TABLE file (
    id bigint NOT NULL,
    sha256 character varying(64) NOT NULL,
    name character varying(200) NOT NULL,
    media_type character varying(100) NOT NULL,
    size bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    owner_id uuid NOT NULL
);
CREATE SEQUENCE file_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE file_id_seq OWNED BY file.id;
CREATE TABLE identity (
    id bigint NOT NULL,
    issuer character varying(200) NOT NULL,
    subject character varying(255) NOT NULL,
    person_id uuid NOT NULL
);
CREATE SEQUENCE identity_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE identity_id_seq OWNED BY identity.id;
CREATE TABLE invitation (
    id bigint NOT NULL,
    role character varying(12) NOT NULL,
    from_day date NOT NULL,
    until_day date,
    invited_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    party_id bigint NOT NULL,
    person_id uuid NOT NULL
);
CREATE SEQUENCE invitation_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE invitation_id_seq OWNED BY invitation.id;
CREATE TABLE joint_meeting (
    id bigint NOT NULL,
    title character varying(200) NOT NULL,
    about text NOT NULL,
    language character varying(8) NOT NULL,
    salt bytea NOT NULL,
    state character varying(16) NOT NULL,
    place character varying(200) NOT NULL,
    link character varying(500) NOT NULL,
    starts_at timestamp with time zone NOT NULL,
    items_until timestamp with time zone NOT NULL,
    review_days integer NOT NULL,
    rule character varying(12) NOT NULL,
    live_choices boolean NOT NULL,
    current_item bigint,
    open_vote bigint,
    quorum_at_opening jsonb,
    created_at timestamp with time zone NOT NULL,
    convened_at timestamp with time zone,
    opened_at timestamp with time zone,
    adjourned_at timestamp with time zone,
    review_until timestamp with time zone,
    closed_at timestamp with time zone,
    cancel_reason character varying(500) NOT NULL,
    area_id bigint NOT NULL,
    author_id uuid NOT NULL,
    chair_id uuid,
    convener_id bigint NOT NULL,
    scenario_id bigint,
    secretary_id uuid
);
CREATE SEQUENCE joint_meeting_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE joint_meeting_id_seq OWNED BY joint_meeting.id;
CREATE TABLE ledger_checkpoint (
    size bigint NOT NULL,
    root character varying(64) NOT NULL,
    at timestamp with time zone NOT NULL,
    note text NOT NULL
);
CREATE SEQUENCE ledger_checkpoint_size_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE ledger_checkpoint_size_seq OWNED BY ledger_checkpoint.size;
CREATE TABLE ledger_entry (
    id bigint NOT NULL,
    seq bigint,
    act character varying(40) NOT NULL,
    kind character varying(20) NOT NULL,
    subject_id character varying(40) NOT NULL,
    payload text NOT NULL,
    xid bigint,
    party_id bigint,
    day character varying(10) DEFAULT ''::character varying NOT NULL
);
CREATE SEQUENCE ledger_entry_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE ledger_entry_id_seq OWNED BY ledger_entry.id;
CREATE TABLE ledger_tile (
    id bigint NOT NULL,
    level smallint NOT NULL,
    index bigint NOT NULL,
    width smallint NOT NULL,
    data bytea NOT NULL
);
CREATE SEQUENCE ledger_tile_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE ledger_tile_id_seq OWNED BY ledger_tile.id;
CREATE TABLE mail (
    id bigint NOT NULL,
    "to" character varying(254) NOT NULL,
    subject character varying(200) NOT NULL,
    body text NOT NULL,
    queued_at timestamp with time zone NOT NULL,
    sent_at timestamp with time zone,
    failures smallint NOT NULL,
    failed character varying(40) DEFAULT ''::character varying NOT NULL,
    next_at timestamp with time zone,
    person_id uuid
);
CREATE SEQUENCE mail_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE mail_id_seq OWNED BY mail.id;
CREATE TABLE meeting_bloc (
    id bigint NOT NULL,
    bloc character varying(12) NOT NULL,
    numerator integer NOT NULL,
    denominator integer NOT NULL,
    meeting_id bigint NOT NULL
);
CREATE SEQUENCE meeting_bloc_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE meeting_bloc_id_seq OWNED BY meeting_bloc.id;
CREATE TABLE meeting_proposal (
    id bigint NOT NULL,
    meeting_id bigint NOT NULL,
    proposal_id bigint NOT NULL
);
CREATE SEQUENCE meeting_proposal_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE meeting_proposal_id_seq OWNED BY meeting_proposal.id;
CREATE TABLE membership (
    id bigint NOT NULL,
    role character varying(12) NOT NULL,
    from_day date NOT NULL,
    until_day date,
    party_id bigint NOT NULL,
    person_id uuid NOT NULL
);
CREATE SEQUENCE membership_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE membership_id_seq OWNED BY membership.id;
CREATE TABLE merge_request (
    id bigint NOT NULL,
    reason character varying(500) NOT NULL,
    state character varying(8) NOT NULL,
    at timestamp with time zone NOT NULL,
    current bigint,
    into_id bigint NOT NULL,
    proposal_id bigint NOT NULL
);
CREATE SEQUENCE merge_request_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE merge_request_id_seq OWNED BY merge_request.id;
CREATE TABLE minutes (
    id bigint NOT NULL,
    number integer NOT NULL,
    sections jsonb NOT NULL,
    salt bytea NOT NULL,
    reason character varying(500) NOT NULL,
    at timestamp with time zone NOT NULL,
    submitted_at timestamp with time zone,
    until timestamp with time zone,
    author_id uuid NOT NULL,
    meeting_id bigint NOT NULL
);
CREATE SEQUENCE minutes_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE minutes_id_seq OWNED BY minutes.id;
CREATE TABLE minutes_reply (
    id bigint NOT NULL,
    answer character varying(8) NOT NULL,
    text text NOT NULL,
    salt bytea NOT NULL,
    at timestamp with time zone NOT NULL,
    minutes_id bigint NOT NULL,
    person_id uuid NOT NULL,
    seat_id bigint NOT NULL
);
CREATE SEQUENCE minutes_reply_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE minutes_reply_id_seq OWNED BY minutes_reply.id;
CREATE TABLE module (
    id bigint NOT NULL,
    title character varying(120) NOT NULL,
    title_en character varying(120) NOT NULL,
    scenario_id bigint NOT NULL
);
CREATE SEQUENCE module_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE module_id_seq OWNED BY module.id;
CREATE TABLE motion (
    id bigint NOT NULL,
    number integer NOT NULL,
    text text NOT NULL,
    original text NOT NULL,
    strike text NOT NULL,
    insert text NOT NULL,
    version integer NOT NULL,
    salt bytea NOT NULL,
    rule character varying(12) NOT NULL,
    state character varying(12) NOT NULL,
    moved_at timestamp with time zone NOT NULL,
    item_id bigint NOT NULL,
    meeting_id bigint NOT NULL,
    mover_id bigint NOT NULL,
    mover_person_id uuid NOT NULL,
    parent_id bigint,
    seconder_id bigint,
    seconder_person_id uuid
);
CREATE TABLE motion_clause (
    id bigint NOT NULL,
    number integer NOT NULL,
    text text NOT NULL,
    wanted character varying(500) NOT NULL,
    due_on date NOT NULL,
    salt bytea NOT NULL,
    counterpart_id bigint,
    motion_id bigint NOT NULL,
    obligation_id bigint,
    party_id bigint NOT NULL
);
CREATE SEQUENCE motion_clause_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE motion_clause_id_seq OWNED BY motion_clause.id;
CREATE SEQUENCE motion_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE motion_id_seq OWNED BY motion.id;
CREATE TABLE motion_vote (
    id bigint NOT NULL,
    number integer NOT NULL,
    text text NOT NULL,
    rule character varying(12) NOT NULL,
    state character varying(8) NOT NULL,
    quorum_opened jsonb NOT NULL,
    quorum_closed jsonb,
    result jsonb,
    opened_at timestamp with time zone NOT NULL,
    closed_at timestamp with time zone,
    motion_id bigint NOT NULL
);
CREATE SEQUENCE motion_vote_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE motion_vote_id_seq OWNED BY motion_vote.id;
CREATE TABLE notification (
    id bigint NOT NULL,
    kind character varying(40) NOT NULL,
    subject character varying(20) NOT NULL,
    subject_id bigint NOT NULL,
    title character varying(200) NOT NULL,
    at timestamp with time zone NOT NULL,
    read_at timestamp with time zone,
    person_id uuid NOT NULL,
    detail character varying(500) DEFAULT ''::character varying NOT NULL,
    digest boolean DEFAULT false NOT NULL,
    shown boolean DEFAULT true NOT NULL
);
CREATE TABLE notification_choice (
    id bigint NOT NULL,
    topic character varying(20) NOT NULL,
    channel character varying(10) NOT NULL,
    often character varying(10) NOT NULL,
    person_id uuid NOT NULL
);
CREATE SEQUENCE notification_choice_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE notification_choice_id_seq OWNED BY notification_choice.id;
CREATE SEQUENCE notification_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE notification_id_seq OWNED BY notification.id;
CREATE TABLE obligation (
    id bigint NOT NULL,
    text text NOT NULL,
    due_on date NOT NULL,
    state character varying(12) NOT NULL,
    reported_at timestamp with time zone,
    confirmed_at timestamp with time zone,
    party_id bigint NOT NULL,
    response_id bigint,
    declared character varying(500) DEFAULT ''::character varying NOT NULL,
    again_on date,
    by_silence boolean DEFAULT false NOT NULL,
    charter_id bigint,
    clause_id bigint,
    confirm_by timestamp with time zone,
    counterpart_id bigint,
    counterpart_area_id bigint,
    counterpart_bloc character varying(12) DEFAULT ''::character varying NOT NULL,
    created_at timestamp with time zone,
    occurrence integer DEFAULT 0 NOT NULL,
    overdue_at timestamp with time zone,
    salt bytea,
    settled_at timestamp with time zone,
    source_id bigint,
    source_kind character varying(12) DEFAULT 'response'::character varying NOT NULL,
    wanted character varying(500) DEFAULT ''::character varying NOT NULL
);
CREATE SEQUENCE obligation_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE obligation_id_seq OWNED BY obligation.id;
CREATE TABLE obligation_step (
    id bigint NOT NULL,
    kind character varying(10) NOT NULL,
    text text NOT NULL,
    salt bytea NOT NULL,
    at timestamp with time zone NOT NULL,
    obligation_id bigint NOT NULL,
    party_id bigint,
    person_id uuid
);
CREATE SEQUENCE obligation_step_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE obligation_step_id_seq OWNED BY obligation_step.id;
CREATE TABLE one_time_code (
    id bigint NOT NULL,
    hash character varying(64) NOT NULL,
    person_key character varying(64) NOT NULL,
    made_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone,
    area_id bigint NOT NULL,
    party_id bigint NOT NULL
);
CREATE SEQUENCE one_time_code_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE one_time_code_id_seq OWNED BY one_time_code.id;
CREATE TABLE open_day (
    id bigint NOT NULL,
    title character varying(120) NOT NULL,
    about text NOT NULL,
    place character varying(200) NOT NULL,
    access character varying(500) NOT NULL,
    online_url character varying(300) NOT NULL,
    latitude integer,
    longitude integer,
    starts_at timestamp with time zone NOT NULL,
    ends_at timestamp with time zone NOT NULL,
    opens_at timestamp with time zone NOT NULL,
    closes_at timestamp with time zone NOT NULL,
    state character varying(12) NOT NULL,
    cancel_reason character varying(500) NOT NULL,
    report text NOT NULL,
    salt bytea NOT NULL,
    on_day date,
    reported_at timestamp with time zone,
    registered integer NOT NULL,
    waiting integer NOT NULL,
    attended integer NOT NULL,
    revision integer NOT NULL,
    created_at timestamp with time zone NOT NULL,
    area_id bigint NOT NULL,
    author_id uuid,
    host_id bigint NOT NULL,
    scenario_id bigint,
    series_id bigint
);
CREATE TABLE open_day_feedback (
    id bigint NOT NULL,
    stars smallint NOT NULL,
    text character varying(1000) NOT NULL,
    salt bytea NOT NULL,
    at timestamp with time zone NOT NULL,
    open_day_id bigint NOT NULL,
    registration_id bigint NOT NULL
);
CREATE SEQUENCE open_day_feedback_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE open_day_feedback_id_seq OWNED BY open_day_feedback.id;
CREATE TABLE open_day_host (
    id bigint NOT NULL,
    open_day_id bigint NOT NULL,
    party_id bigint NOT NULL
);
CREATE SEQUENCE open_day_host_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE open_day_host_id_seq OWNED BY open_day_host.id;
CREATE SEQUENCE open_day_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE open_day_id_seq OWNED BY open_day.id;
CREATE TABLE open_day_question (
    id bigint NOT NULL,
    body character varying(1000) NOT NULL,
    salt bytea NOT NULL,
    state character varying(12) NOT NULL,
    supports integer NOT NULL,
    answer text NOT NULL,
    answered_at timestamp with time zone,
    hidden_reason character varying(500) NOT NULL,
    at timestamp with time zone NOT NULL,
    answered_by_id bigint,
    author_id uuid,
    open_day_id bigint NOT NULL,
    proposal_id bigint
);
CREATE SEQUENCE open_day_question_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE open_day_question_id_seq OWNED BY open_day_question.id;
CREATE TABLE open_day_series (
    id bigint NOT NULL,
    title character varying(120) NOT NULL,
    about text NOT NULL,
    place character varying(200) NOT NULL,
    access character varying(500) NOT NULL,
    rule character varying(200) NOT NULL,
    first_on date NOT NULL,
    slots jsonb NOT NULL,
    announce_days smallint NOT NULL,
    state character varying(12) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    area_id bigint NOT NULL,
    host_id bigint NOT NULL
);
CREATE SEQUENCE open_day_series_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE open_day_series_id_seq OWNED BY open_day_series.id;
CREATE TABLE open_day_slot (
    id bigint NOT NULL,
    "position" smallint NOT NULL,
    starts_at timestamp with time zone NOT NULL,
    ends_at timestamp with time zone NOT NULL,
    capacity integer NOT NULL,
    taken integer NOT NULL,
    waiting integer NOT NULL,
    open_day_id bigint NOT NULL,
    turns integer DEFAULT 0 NOT NULL,
    CONSTRAINT open_day_slot_full CHECK (((taken >= 0) AND (taken <= capacity)))
);
CREATE SEQUENCE open_day_slot_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE open_day_slot_id_seq OWNED BY open_day_slot.id;
CREATE TABLE open_vote (
    id bigint NOT NULL,
    tracker character varying(32) NOT NULL,
    version integer NOT NULL,
    choice character varying(400) NOT NULL,
    ballot_id bigint NOT NULL,
    person_id uuid NOT NULL
);
CREATE SEQUENCE open_vote_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE open_vote_id_seq OWNED BY open_vote.id;
CREATE TABLE option (
    id bigint NOT NULL,
    key character varying(12) NOT NULL,
    "position" smallint NOT NULL,
    label character varying(200) NOT NULL,
    about text NOT NULL,
    ballot_id bigint NOT NULL
);
CREATE SEQUENCE option_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE option_id_seq OWNED BY option.id;
CREATE TABLE paper (
    ballot_id bigint NOT NULL,
    tracker character varying(32) NOT NULL COLLATE pg_catalog."C",
    version integer NOT NULL,
    choice character varying(400) NOT NULL,
    weight bigint,
    token text,
    channel character varying(6) DEFAULT ''::character varying NOT NULL
);
CREATE TABLE paper_batch (
    id bigint NOT NULL,
    number integer NOT NULL,
    sheets integer NOT NULL,
    state character varying(12) NOT NULL,
    differing integer NOT NULL,
    reason character varying(500) NOT NULL,
    ballot_id bigint NOT NULL
);
CREATE SEQUENCE paper_batch_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE paper_batch_id_seq OWNED BY paper_batch.id;
CREATE TABLE paper_polling (
    state character varying(12) NOT NULL,
    replaced integer NOT NULL,
    taken_back integer NOT NULL,
    missing_reason character varying(500) NOT NULL,
    ballot_id bigint NOT NULL
);
CREATE TABLE paper_reading (
    id bigint NOT NULL,
    turn integer NOT NULL,
    ruling boolean NOT NULL,
    sealed bytea NOT NULL,
    batch_id bigint NOT NULL,
    clerk_id uuid NOT NULL
);
CREATE SEQUENCE paper_reading_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE paper_reading_id_seq OWNED BY paper_reading.id;
CREATE TABLE paper_voter (
    id character varying(32) NOT NULL,
    ballot_id bigint NOT NULL,
    person_id uuid NOT NULL
);
CREATE TABLE party (
    id bigint NOT NULL,
    kind character varying(12) NOT NULL,
    name character varying(120) NOT NULL,
    name_en character varying(120) NOT NULL,
    credit_code character varying(18),
    about text NOT NULL,
    state character varying(12) NOT NULL,
    reason character varying(500) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    area_id bigint NOT NULL,
    approved_at timestamp with time zone
);
CREATE SEQUENCE party_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE party_id_seq OWNED BY party.id;
CREATE TABLE person (
    id uuid NOT NULL,
    pseudonym character varying(16) NOT NULL,
    name character varying(80) NOT NULL,
    email character varying(254),
    password_hash character varying(200),
    language character varying(8) NOT NULL,
    person_key character varying(64),
    steward boolean NOT NULL,
    created_at timestamp with time zone NOT NULL,
    deleted_at timestamp with time zone
);
CREATE TABLE proposal (
    id bigint NOT NULL,
    title character varying(200) NOT NULL,
    body text NOT NULL,
    salt bytea NOT NULL,
    state character varying(12) NOT NULL,
    decision character varying(12) NOT NULL,
    hidden_reason character varying(500) NOT NULL,
    version integer NOT NULL,
    author_label character varying(80) NOT NULL,
    supports integer NOT NULL,
    imported_supports integer NOT NULL,
    comments integer NOT NULL,
    threshold integer NOT NULL,
    language character varying(8) NOT NULL,
    source character varying(40),
    source_id character varying(80),
    created_at timestamp with time zone NOT NULL,
    published_at timestamp with time zone,
    qualified_at timestamp with time zone,
    area_id bigint NOT NULL,
    author_id uuid,
    merged_into_id bigint,
    party_id bigint,
    scenario_id bigint,
    answered_at timestamp with time zone,
    due_at timestamp with time zone,
    supports_total integer DEFAULT 0 NOT NULL,
    sponsor_id bigint
);
CREATE SEQUENCE proposal_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE proposal_id_seq OWNED BY proposal.id;
CREATE TABLE proposal_version (
    id bigint NOT NULL,
    number integer NOT NULL,
    title character varying(200) NOT NULL,
    body text NOT NULL,
    reason character varying(500) NOT NULL,
    at timestamp with time zone NOT NULL,
    author_id uuid,
    proposal_id bigint NOT NULL
);
CREATE SEQUENCE proposal_version_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE proposal_version_id_seq OWNED BY proposal_version.id;
CREATE TABLE question_support (
    id bigint NOT NULL,
    person_id uuid NOT NULL,
    question_id bigint NOT NULL
);
CREATE SEQUENCE question_support_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE question_support_id_seq OWNED BY question_support.id;
CREATE TABLE rating (
    id bigint NOT NULL,
    stars smallint NOT NULL,
    at timestamp with time zone NOT NULL,
    person_id uuid NOT NULL,
    response_id bigint NOT NULL
);
CREATE SEQUENCE rating_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE rating_id_seq OWNED BY rating.id;
CREATE TABLE recusal (
    id bigint NOT NULL,
    interest character varying(500) NOT NULL,
    salt bytea NOT NULL,
    at timestamp with time zone NOT NULL,
    motion_id bigint NOT NULL,
    seat_id bigint NOT NULL
);
CREATE SEQUENCE recusal_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE recusal_id_seq OWNED BY recusal.id;
CREATE TABLE registration (
    id bigint NOT NULL,
    name character varying(80) NOT NULL,
    size smallint NOT NULL,
    state character varying(12) NOT NULL,
    code character varying(16) NOT NULL,
    current character varying(64),
    at timestamp with time zone NOT NULL,
    promoted_at timestamp with time zone,
    checked_in_at timestamp with time zone,
    clerk_id uuid,
    open_day_id bigint NOT NULL,
    party_id bigint,
    person_id uuid,
    slot_id bigint NOT NULL,
    attempt character varying(40) DEFAULT ''::character varying NOT NULL
);
CREATE SEQUENCE registration_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE registration_id_seq OWNED BY registration.id;
CREATE TABLE report (
    id bigint NOT NULL,
    kind character varying(12) NOT NULL,
    subject_id bigint NOT NULL,
    appeal boolean NOT NULL,
    reason character varying(500) NOT NULL,
    at timestamp with time zone NOT NULL,
    settled_at timestamp with time zone,
    outcome character varying(10) NOT NULL,
    person_id uuid NOT NULL
);
CREATE SEQUENCE report_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE report_id_seq OWNED BY report.id;
CREATE TABLE residency (
    id bigint NOT NULL,
    state character varying(12) NOT NULL,
    method character varying(12) NOT NULL,
    reason character varying(500) NOT NULL,
    claimed_at timestamp with time zone NOT NULL,
    decided_at timestamp with time zone,
    expires_at timestamp with time zone,
    current uuid,
    area_id bigint NOT NULL,
    decided_by_id uuid,
    person_id uuid NOT NULL
);
CREATE SEQUENCE residency_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE residency_id_seq OWNED BY residency.id;
CREATE TABLE resolution (
    number integer NOT NULL,
    text text NOT NULL,
    adopted_at timestamp with time zone NOT NULL,
    meeting_id bigint NOT NULL,
    motion_id bigint NOT NULL
);
CREATE TABLE response (
    id bigint NOT NULL,
    verdict character varying(12) NOT NULL,
    reasons text NOT NULL,
    salt bytea NOT NULL,
    cost character varying(200) NOT NULL,
    version integer NOT NULL,
    published_at timestamp with time zone NOT NULL,
    author_id uuid,
    deadline_id bigint NOT NULL,
    transferred_to_id bigint
);
CREATE SEQUENCE response_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE response_id_seq OWNED BY response.id;
CREATE TABLE response_version (
    id bigint NOT NULL,
    number integer NOT NULL,
    verdict character varying(12) NOT NULL,
    reasons text NOT NULL,
    reason character varying(500) NOT NULL,
    at timestamp with time zone NOT NULL,
    response_id bigint NOT NULL,
    cost character varying(200) DEFAULT ''::character varying NOT NULL
);
CREATE SEQUENCE response_version_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE response_version_id_seq OWNED BY response_version.id;
CREATE TABLE roll (
    lines integer NOT NULL,
    weight bigint NOT NULL,
    sha256 character varying(64) NOT NULL,
    announced character varying(64) NOT NULL,
    corrections integer NOT NULL,
    ballot_id bigint NOT NULL,
    edition integer DEFAULT 0 NOT NULL
);
CREATE TABLE roll_call (
    id bigint NOT NULL,
    choice character varying(8) NOT NULL,
    version integer NOT NULL,
    reasons text NOT NULL,
    salt bytea,
    person_id uuid NOT NULL,
    seat_id bigint NOT NULL,
    vote_id bigint NOT NULL
);
CREATE SEQUENCE roll_call_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE roll_call_id_seq OWNED BY roll_call.id;
CREATE TABLE roll_challenge (
    id bigint NOT NULL,
    about character varying(12) NOT NULL,
    text character varying(1000) NOT NULL,
    salt bytea NOT NULL,
    state character varying(12) NOT NULL,
    answer character varying(500) NOT NULL,
    at timestamp with time zone NOT NULL,
    decided_at timestamp with time zone,
    ballot_id bigint NOT NULL,
    person_id uuid NOT NULL
);
CREATE SEQUENCE roll_challenge_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE roll_challenge_id_seq OWNED BY roll_challenge.id;
CREATE TABLE roll_entry (
    id bigint NOT NULL,
    ballot_id bigint NOT NULL,
    person_id uuid NOT NULL
);
CREATE SEQUENCE roll_entry_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE roll_entry_id_seq OWNED BY roll_entry.id;
CREATE TABLE roll_line (
    ballot_id bigint NOT NULL,
    edition integer DEFAULT 0 NOT NULL,
    person_key character varying(64) NOT NULL COLLATE pg_catalog."C",
    weight bigint NOT NULL
);
CREATE TABLE roll_upload (
    id bigint NOT NULL,
    edition integer NOT NULL,
    state character varying(12) NOT NULL,
    take boolean NOT NULL,
    done integer NOT NULL,
    rows integer NOT NULL,
    weighted boolean NOT NULL,
    weight bigint NOT NULL,
    wrong integer NOT NULL,
    refused jsonb NOT NULL,
    error jsonb,
    sha256 character varying(64) NOT NULL,
    started_at timestamp with time zone NOT NULL,
    beat_at timestamp with time zone NOT NULL,
    ballot_id bigint NOT NULL,
    person_id uuid
);
CREATE SEQUENCE roll_upload_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE roll_upload_id_seq OWNED BY roll_upload.id;
CREATE TABLE scenario (
    id bigint NOT NULL,
    title character varying(120) NOT NULL,
    title_en character varying(120) NOT NULL,
    summary text NOT NULL,
    state character varying(14) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    area_id bigint NOT NULL,
    lead_id bigint NOT NULL
);
CREATE SEQUENCE scenario_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE scenario_id_seq OWNED BY scenario.id;
CREATE TABLE scrutineer (
    id bigint NOT NULL,
    ballot_id bigint NOT NULL,
    party_id bigint NOT NULL,
    person_id uuid NOT NULL
);
CREATE SEQUENCE scrutineer_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE scrutineer_id_seq OWNED BY scrutineer.id;
CREATE TABLE search_document (
    id bigint NOT NULL,
    kind character varying(12) NOT NULL,
    subject_id bigint NOT NULL,
    terms text NOT NULL
);
CREATE SEQUENCE search_document_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE search_document_id_seq OWNED BY search_document.id;
CREATE TABLE seat (
    id bigint NOT NULL,
    number integer NOT NULL,
    bloc character varying(12) NOT NULL,
    filled_by character varying(12) NOT NULL,
    state character varying(12) NOT NULL,
    present boolean NOT NULL,
    option_key character varying(12),
    ballot_id bigint,
    meeting_id bigint NOT NULL,
    party_id bigint,
    person_id uuid,
    replaced_id uuid
);
CREATE SEQUENCE seat_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE seat_id_seq OWNED BY seat.id;
CREATE TABLE session (
    hash character varying(64) NOT NULL,
    started_at timestamp with time zone NOT NULL,
    seen_at timestamp with time zone NOT NULL,
    ends_at timestamp with time zone NOT NULL,
    person_id uuid NOT NULL
);
CREATE TABLE signature (
    id bigint NOT NULL,
    reservation text NOT NULL,
    salt bytea NOT NULL,
    at timestamp with time zone NOT NULL,
    party_id bigint NOT NULL,
    person_id uuid,
    version_id bigint NOT NULL
);
CREATE SEQUENCE signature_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE signature_id_seq OWNED BY signature.id;
CREATE TABLE sortition (
    state character varying(8) NOT NULL,
    closes_at timestamp with time zone NOT NULL,
    list_hash character varying(64) NOT NULL,
    size bigint,
    seed character varying(64) NOT NULL,
    area_id bigint NOT NULL,
    meeting_id bigint NOT NULL
);
CREATE TABLE speaker (
    id bigint NOT NULL,
    state character varying(10) NOT NULL,
    live bigint,
    asked_at timestamp with time zone NOT NULL,
    began_at timestamp with time zone,
    ended_at timestamp with time zone,
    item_id bigint,
    meeting_id bigint NOT NULL,
    person_id uuid NOT NULL,
    seat_id bigint NOT NULL
);
CREATE SEQUENCE speaker_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE speaker_id_seq OWNED BY speaker.id;
CREATE TABLE support (
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    person_id uuid NOT NULL,
    proposal_id bigint NOT NULL
);
CREATE SEQUENCE support_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE support_id_seq OWNED BY support.id;
CREATE TABLE token_issue (
    id bigint NOT NULL,
    blinded character varying(64) NOT NULL,
    ballot_id bigint NOT NULL,
    person_id uuid NOT NULL
);
CREATE SEQUENCE token_issue_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE token_issue_id_seq OWNED BY token_issue.id;
CREATE TABLE tortoise_migrations (
    id integer NOT NULL,
    app character varying(255) NOT NULL,
    name character varying(255) NOT NULL,
    applied_at timestamp with time zone NOT NULL
);
CREATE SEQUENCE tortoise_migrations_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE tortoise_migrations_id_seq OWNED BY tortoise_migrations.id;
CREATE TABLE volunteer (
    id bigint NOT NULL,
    rank integer,
    declined boolean NOT NULL,
    meeting_id bigint NOT NULL,
    person_id uuid NOT NULL
);
CREATE SEQUENCE volunteer_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE volunteer_id_seq OWNED BY volunteer.id;
ALTER TABLE ONLY access_token ALTER COLUMN id SET DEFAULT nextval('access_token_id_seq'::regclass);
ALTER TABLE ONLY agenda_item ALTER COLUMN id SET DEFAULT nextval('agenda_item_id_seq'::regclass);
ALTER TABLE ONLY amendment ALTER COLUMN id SET DEFAULT nextval('amendment_id_seq'::regclass);
ALTER TABLE ONLY area ALTER COLUMN id SET DEFAULT nextval('area_id_seq'::regclass);
ALTER TABLE ONLY area_within ALTER COLUMN id SET DEFAULT nextval('area_within_id_seq'::regclass);
ALTER TABLE ONLY attachment ALTER COLUMN id SET DEFAULT nextval('attachment_id_seq'::regclass);
ALTER TABLE ONLY attendance ALTER COLUMN id SET DEFAULT nextval('attendance_id_seq'::regclass);
ALTER TABLE ONLY ballot ALTER COLUMN id SET DEFAULT nextval('ballot_id_seq'::regclass);
ALTER TABLE ONLY ballot_complaint ALTER COLUMN id SET DEFAULT nextval('ballot_complaint_id_seq'::regclass);
ALTER TABLE ONLY certification ALTER COLUMN id SET DEFAULT nextval('certification_id_seq'::regclass);
ALTER TABLE ONLY charter ALTER COLUMN id SET DEFAULT nextval('charter_id_seq'::regclass);
ALTER TABLE ONLY charter_version ALTER COLUMN id SET DEFAULT nextval('charter_version_id_seq'::regclass);
ALTER TABLE ONLY clause ALTER COLUMN id SET DEFAULT nextval('clause_id_seq'::regclass);
ALTER TABLE ONLY clause_answer ALTER COLUMN id SET DEFAULT nextval('clause_answer_id_seq'::regclass);
ALTER TABLE ONLY clause_change ALTER COLUMN id SET DEFAULT nextval('clause_change_id_seq'::regclass);
ALTER TABLE ONLY comment ALTER COLUMN id SET DEFAULT nextval('comment_id_seq'::regclass);
ALTER TABLE ONLY deadline ALTER COLUMN id SET DEFAULT nextval('deadline_id_seq'::regclass);
ALTER TABLE ONLY escalation ALTER COLUMN id SET DEFAULT nextval('escalation_id_seq'::regclass);
ALTER TABLE ONLY evidence ALTER COLUMN id SET DEFAULT nextval('evidence_id_seq'::regclass);
ALTER TABLE ONLY file ALTER COLUMN id SET DEFAULT nextval('file_id_seq'::regclass);
ALTER TABLE ONLY identity ALTER COLUMN id SET DEFAULT nextval('identity_id_seq'::regclass);
ALTER TABLE ONLY invitation ALTER COLUMN id SET DEFAULT nextval('invitation_id_seq'::regclass);
ALTER TABLE ONLY joint_meeting ALTER COLUMN id SET DEFAULT nextval('joint_meeting_id_seq'::regclass);
ALTER TABLE ONLY ledger_checkpoint ALTER COLUMN size SET DEFAULT nextval('ledger_checkpoint_size_seq'::regclass);
ALTER TABLE ONLY ledger_entry ALTER COLUMN id SET DEFAULT nextval('ledger_entry_id_seq'::regclass);
ALTER TABLE ONLY ledger_tile ALTER COLUMN id SET DEFAULT nextval('ledger_tile_id_seq'::regclass);
ALTER TABLE ONLY mail ALTER COLUMN id SET DEFAULT nextval('mail_id_seq'::regclass);
ALTER TABLE ONLY meeting_bloc ALTER COLUMN id SET DEFAULT nextval('meeting_bloc_id_seq'::regclass);
ALTER TABLE ONLY meeting_proposal ALTER COLUMN id SET DEFAULT nextval('meeting_proposal_id_seq'::regclass);
ALTER TABLE ONLY membership ALTER COLUMN id SET DEFAULT nextval('membership_id_seq'::regclass);
ALTER TABLE ONLY merge_request ALTER COLUMN id SET DEFAULT nextval('merge_request_id_seq'::regclass);
ALTER TABLE ONLY minutes ALTER COLUMN id SET DEFAULT nextval('minutes_id_seq'::regclass);
ALTER TABLE ONLY minutes_reply ALTER COLUMN id SET DEFAULT nextval('minutes_reply_id_seq'::regclass);
ALTER TABLE ONLY module ALTER COLUMN id SET DEFAULT nextval('module_id_seq'::regclass);
ALTER TABLE ONLY motion ALTER COLUMN id SET DEFAULT nextval('motion_id_seq'::regclass);
ALTER TABLE ONLY motion_clause ALTER COLUMN id SET DEFAULT nextval('motion_clause_id_seq'::regclass);
ALTER TABLE ONLY motion_vote ALTER COLUMN id SET DEFAULT nextval('motion_vote_id_seq'::regclass);
ALTER TABLE ONLY notification ALTER COLUMN id SET DEFAULT nextval('notification_id_seq'::regclass);
ALTER TABLE ONLY notification_choice ALTER COLUMN id SET DEFAULT nextval('notification_choice_id_seq'::regclass);
ALTER TABLE ONLY obligation ALTER COLUMN id SET DEFAULT nextval('obligation_id_seq'::regclass);
ALTER TABLE ONLY obligation_step ALTER COLUMN id SET DEFAULT nextval('obligation_step_id_seq'::regclass);
ALTER TABLE ONLY one_time_code ALTER COLUMN id SET DEFAULT nextval('one_time_code_id_seq'::regclass);
ALTER TABLE ONLY open_day ALTER COLUMN id SET DEFAULT nextval('open_day_id_seq'::regclass);
ALTER TABLE ONLY open_day_feedback ALTER COLUMN id SET DEFAULT nextval('open_day_feedback_id_seq'::regclass);
ALTER TABLE ONLY open_day_host ALTER COLUMN id SET DEFAULT nextval('open_day_host_id_seq'::regclass);
ALTER TABLE ONLY open_day_question ALTER COLUMN id SET DEFAULT nextval('open_day_question_id_seq'::regclass);
ALTER TABLE ONLY open_day_series ALTER COLUMN id SET DEFAULT nextval('open_day_series_id_seq'::regclass);
ALTER TABLE ONLY open_day_slot ALTER COLUMN id SET DEFAULT nextval('open_day_slot_id_seq'::regclass);
ALTER TABLE ONLY open_vote ALTER COLUMN id SET DEFAULT nextval('open_vote_id_seq'::regclass);
ALTER TABLE ONLY option ALTER COLUMN id SET DEFAULT nextval('option_id_seq'::regclass);
ALTER TABLE ONLY paper_batch ALTER COLUMN id SET DEFAULT nextval('paper_batch_id_seq'::regclass);
ALTER TABLE ONLY paper_reading ALTER COLUMN id SET DEFAULT nextval('paper_reading_id_seq'::regclass);
ALTER TABLE ONLY party ALTER COLUMN id SET DEFAULT nextval('party_id_seq'::regclass);
ALTER TABLE ONLY proposal ALTER COLUMN id SET DEFAULT nextval('proposal_id_seq'::regclass);
ALTER TABLE ONLY proposal_version ALTER COLUMN id SET DEFAULT nextval('proposal_version_id_seq'::regclass);
ALTER TABLE ONLY question_support ALTER COLUMN id SET DEFAULT nextval('question_support_id_seq'::regclass);
ALTER TABLE ONLY rating ALTER COLUMN id SET DEFAULT nextval('rating_id_seq'::regclass);
ALTER TABLE ONLY recusal ALTER COLUMN id SET DEFAULT nextval('recusal_id_seq'::regclass);
ALTER TABLE ONLY registration ALTER COLUMN id SET DEFAULT nextval('registration_id_seq'::regclass);
ALTER TABLE ONLY report ALTER COLUMN id SET DEFAULT nextval('report_id_seq'::regclass);
ALTER TABLE ONLY residency ALTER COLUMN id SET DEFAULT nextval('residency_id_seq'::regclass);
ALTER TABLE ONLY response ALTER COLUMN id SET DEFAULT nextval('response_id_seq'::regclass);
ALTER TABLE ONLY response_version ALTER COLUMN id SET DEFAULT nextval('response_version_id_seq'::regclass);
ALTER TABLE ONLY roll_call ALTER COLUMN id SET DEFAULT nextval('roll_call_id_seq'::regclass);
ALTER TABLE ONLY roll_challenge ALTER COLUMN id SET DEFAULT nextval('roll_challenge_id_seq'::regclass);
ALTER TABLE ONLY roll_entry ALTER COLUMN id SET DEFAULT nextval('roll_entry_id_seq'::regclass);
ALTER TABLE ONLY roll_upload ALTER COLUMN id SET DEFAULT nextval('roll_upload_id_seq'::regclass);
ALTER TABLE ONLY scenario ALTER COLUMN id SET DEFAULT nextval('scenario_id_seq'::regclass);
ALTER TABLE ONLY scrutineer ALTER COLUMN id SET DEFAULT nextval('scrutineer_id_seq'::regclass);
ALTER TABLE ONLY search_document ALTER COLUMN id SET DEFAULT nextval('search_document_id_seq'::regclass);
ALTER TABLE ONLY seat ALTER COLUMN id SET DEFAULT nextval('seat_id_seq'::regclass);
ALTER TABLE ONLY signature ALTER COLUMN id SET DEFAULT nextval('signature_id_seq'::regclass);
ALTER TABLE ONLY speaker ALTER COLUMN id SET DEFAULT nextval('speaker_id_seq'::regclass);
ALTER TABLE ONLY support ALTER COLUMN id SET DEFAULT nextval('support_id_seq'::regclass);
ALTER TABLE ONLY token_issue ALTER COLUMN id SET DEFAULT nextval('token_issue_id_seq'::regclass);
ALTER TABLE ONLY tortoise_migrations ALTER COLUMN id SET DEFAULT nextval('tortoise_migrations_id_seq'::regclass);
ALTER TABLE ONLY volunteer ALTER COLUMN id SET DEFAULT nextval('volunteer_id_seq'::regclass);
ALTER TABLE ONLY access_token
    ADD CONSTRAINT access_token_hash_key UNIQUE (hash);
ALTER TABLE ONLY access_token
    ADD CONSTRAINT access_token_pkey PRIMARY KEY (id);
ALTER TABLE ONLY agenda_item
    ADD CONSTRAINT agenda_item_pkey PRIMARY KEY (id);
ALTER TABLE ONLY amendment
    ADD CONSTRAINT amendment_pkey PRIMARY KEY (id);
ALTER TABLE ONLY area
    ADD CONSTRAINT area_code_key UNIQUE (code);
ALTER TABLE ONLY area
    ADD CONSTRAINT area_pkey PRIMARY KEY (id);
ALTER TABLE ONLY area_within
    ADD CONSTRAINT area_within_pkey PRIMARY KEY (id);
ALTER TABLE ONLY attachment
    ADD CONSTRAINT attachment_pkey PRIMARY KEY (id);
ALTER TABLE ONLY attendance
    ADD CONSTRAINT attendance_pkey PRIMARY KEY (id);
ALTER TABLE ONLY ballot_complaint
    ADD CONSTRAINT ballot_complaint_pkey PRIMARY KEY (id);
ALTER TABLE ONLY ballot
    ADD CONSTRAINT ballot_pkey PRIMARY KEY (id);
ALTER TABLE ONLY box_entry
    ADD CONSTRAINT box_entry_pkey PRIMARY KEY (tag);
ALTER TABLE ONLY certification
    ADD CONSTRAINT certification_pkey PRIMARY KEY (id);
ALTER TABLE ONLY charter
    ADD CONSTRAINT charter_pkey PRIMARY KEY (id);
ALTER TABLE ONLY charter_version
    ADD CONSTRAINT charter_version_pkey PRIMARY KEY (id);
ALTER TABLE ONLY clause_answer
    ADD CONSTRAINT clause_answer_pkey PRIMARY KEY (id);
ALTER TABLE ONLY clause_change
    ADD CONSTRAINT clause_change_pkey PRIMARY KEY (id);
ALTER TABLE ONLY clause
    ADD CONSTRAINT clause_pkey PRIMARY KEY (id);
ALTER TABLE ONLY closed_box
    ADD CONSTRAINT closed_box_pkey PRIMARY KEY (ballot_id);
ALTER TABLE ONLY comment
    ADD CONSTRAINT comment_pkey PRIMARY KEY (id);
ALTER TABLE ONLY deadline
    ADD CONSTRAINT deadline_pkey PRIMARY KEY (id);
ALTER TABLE ONLY escalation
    ADD CONSTRAINT escalation_pkey PRIMARY KEY (id);
ALTER TABLE ONLY escalation
    ADD CONSTRAINT escalation_response_id_key UNIQUE (response_id);
ALTER TABLE ONLY evidence
    ADD CONSTRAINT evidence_pkey PRIMARY KEY (id);
ALTER TABLE ONLY file
    ADD CONSTRAINT file_pkey PRIMARY KEY (id);
ALTER TABLE ONLY identity
    ADD CONSTRAINT identity_pkey PRIMARY KEY (id);
ALTER TABLE ONLY invitation
    ADD CONSTRAINT invitation_pkey PRIMARY KEY (id);
ALTER TABLE ONLY joint_meeting
    ADD CONSTRAINT joint_meeting_pkey PRIMARY KEY (id);
ALTER TABLE ONLY ledger_checkpoint
    ADD CONSTRAINT ledger_checkpoint_pkey PRIMARY KEY (size);
ALTER TABLE ONLY ledger_entry
    ADD CONSTRAINT ledger_entry_pkey PRIMARY KEY (id);
ALTER TABLE ONLY ledger_entry
    ADD CONSTRAINT ledger_entry_seq_key UNIQUE (seq);
ALTER TABLE ONLY ledger_tile
    ADD CONSTRAINT ledger_tile_pkey PRIMARY KEY (id);
ALTER TABLE ONLY mail
    ADD CONSTRAINT mail_pkey PRIMARY KEY (id);
ALTER TABLE ONLY meeting_bloc
    ADD CONSTRAINT meeting_bloc_pkey PRIMARY KEY (id);
ALTER TABLE ONLY meeting_proposal
    ADD CONSTRAINT meeting_proposal_pkey PRIMARY KEY (id);
ALTER TABLE ONLY membership
    ADD CONSTRAINT membership_pkey PRIMARY KEY (id);
ALTER TABLE ONLY merge_request
    ADD CONSTRAINT merge_request_current_key UNIQUE (current);
ALTER TABLE ONLY merge_request
    ADD CONSTRAINT merge_request_pkey PRIMARY KEY (id);
ALTER TABLE ONLY minutes
    ADD CONSTRAINT minutes_pkey PRIMARY KEY (id);
ALTER TABLE ONLY minutes_reply
    ADD CONSTRAINT minutes_reply_pkey PRIMARY KEY (id);
ALTER TABLE ONLY module
    ADD CONSTRAINT module_pkey PRIMARY KEY (id);
ALTER TABLE ONLY motion_clause
    ADD CONSTRAINT motion_clause_pkey PRIMARY KEY (id);
ALTER TABLE ONLY motion
    ADD CONSTRAINT motion_pkey PRIMARY KEY (id);
ALTER TABLE ONLY motion_vote
    ADD CONSTRAINT motion_vote_pkey PRIMARY KEY (id);
ALTER TABLE ONLY notification_choice
    ADD CONSTRAINT notification_choice_pkey PRIMARY KEY (id);
ALTER TABLE ONLY notification
    ADD CONSTRAINT notification_pkey PRIMARY KEY (id);
ALTER TABLE ONLY obligation
    ADD CONSTRAINT obligation_pkey PRIMARY KEY (id);
ALTER TABLE ONLY obligation_step
    ADD CONSTRAINT obligation_step_pkey PRIMARY KEY (id);
ALTER TABLE ONLY one_time_code
    ADD CONSTRAINT one_time_code_hash_key UNIQUE (hash);
ALTER TABLE ONLY one_time_code
    ADD CONSTRAINT one_time_code_pkey PRIMARY KEY (id);
ALTER TABLE ONLY open_day_feedback
    ADD CONSTRAINT open_day_feedback_pkey PRIMARY KEY (id);
ALTER TABLE ONLY open_day_feedback
    ADD CONSTRAINT open_day_feedback_registration_id_key UNIQUE (registration_id);
ALTER TABLE ONLY open_day_host
    ADD CONSTRAINT open_day_host_pkey PRIMARY KEY (id);
ALTER TABLE ONLY open_day
    ADD CONSTRAINT open_day_pkey PRIMARY KEY (id);
ALTER TABLE ONLY open_day_question
    ADD CONSTRAINT open_day_question_pkey PRIMARY KEY (id);
ALTER TABLE ONLY open_day_series
    ADD CONSTRAINT open_day_series_pkey PRIMARY KEY (id);
ALTER TABLE ONLY open_day_slot
    ADD CONSTRAINT open_day_slot_pkey PRIMARY KEY (id);
ALTER TABLE ONLY open_vote
    ADD CONSTRAINT open_vote_pkey PRIMARY KEY (id);
ALTER TABLE ONLY option
    ADD CONSTRAINT option_pkey PRIMARY KEY (id);
ALTER TABLE ONLY paper_batch
    ADD CONSTRAINT paper_batch_pkey PRIMARY KEY (id);
ALTER TABLE ONLY paper
    ADD CONSTRAINT paper_pkey PRIMARY KEY (ballot_id, tracker);
ALTER TABLE ONLY paper_polling
    ADD CONSTRAINT paper_polling_pkey PRIMARY KEY (ballot_id);
ALTER TABLE ONLY paper_reading
    ADD CONSTRAINT paper_reading_pkey PRIMARY KEY (id);
ALTER TABLE ONLY paper_voter
    ADD CONSTRAINT paper_voter_pkey PRIMARY KEY (id);
ALTER TABLE ONLY party
    ADD CONSTRAINT party_credit_code_key UNIQUE (credit_code);
ALTER TABLE ONLY party
    ADD CONSTRAINT party_pkey PRIMARY KEY (id);
ALTER TABLE ONLY person
    ADD CONSTRAINT person_email_key UNIQUE (email);
ALTER TABLE ONLY person
    ADD CONSTRAINT person_person_key_key UNIQUE (person_key);
ALTER TABLE ONLY person
    ADD CONSTRAINT person_pkey PRIMARY KEY (id);
ALTER TABLE ONLY person
    ADD CONSTRAINT person_pseudonym_key UNIQUE (pseudonym);
ALTER TABLE ONLY proposal
    ADD CONSTRAINT proposal_pkey PRIMARY KEY (id);
ALTER TABLE ONLY proposal_version
    ADD CONSTRAINT proposal_version_pkey PRIMARY KEY (id);
ALTER TABLE ONLY question_support
    ADD CONSTRAINT question_support_pkey PRIMARY KEY (id);
ALTER TABLE ONLY rating
    ADD CONSTRAINT rating_pkey PRIMARY KEY (id);
ALTER TABLE ONLY recusal
    ADD CONSTRAINT recusal_pkey PRIMARY KEY (id);
ALTER TABLE ONLY registration
    ADD CONSTRAINT registration_code_key UNIQUE (code);
ALTER TABLE ONLY registration
    ADD CONSTRAINT registration_current_key UNIQUE (current);
ALTER TABLE ONLY registration
    ADD CONSTRAINT registration_pkey PRIMARY KEY (id);
ALTER TABLE ONLY report
    ADD CONSTRAINT report_pkey PRIMARY KEY (id);
ALTER TABLE ONLY residency
    ADD CONSTRAINT residency_current_key UNIQUE (current);
ALTER TABLE ONLY residency
    ADD CONSTRAINT residency_pkey PRIMARY KEY (id);
ALTER TABLE ONLY resolution
    ADD CONSTRAINT resolution_pkey PRIMARY KEY (motion_id);
ALTER TABLE ONLY response
    ADD CONSTRAINT response_deadline_id_key UNIQUE (deadline_id);
ALTER TABLE ONLY response
    ADD CONSTRAINT response_pkey PRIMARY KEY (id);
ALTER TABLE ONLY response_version
    ADD CONSTRAINT response_version_pkey PRIMARY KEY (id);
ALTER TABLE ONLY roll_call
    ADD CONSTRAINT roll_call_pkey PRIMARY KEY (id);
ALTER TABLE ONLY roll_challenge
    ADD CONSTRAINT roll_challenge_pkey PRIMARY KEY (id);
ALTER TABLE ONLY roll_entry
    ADD CONSTRAINT roll_entry_pkey PRIMARY KEY (id);
ALTER TABLE ONLY roll_line
    ADD CONSTRAINT roll_line_pkey PRIMARY KEY (ballot_id, edition, person_key);
ALTER TABLE ONLY roll
    ADD CONSTRAINT roll_pkey PRIMARY KEY (ballot_id);
ALTER TABLE ONLY roll_upload
    ADD CONSTRAINT roll_upload_pkey PRIMARY KEY (id);
ALTER TABLE ONLY scenario
    ADD CONSTRAINT scenario_pkey PRIMARY KEY (id);
ALTER TABLE ONLY scrutineer
    ADD CONSTRAINT scrutineer_pkey PRIMARY KEY (id);
ALTER TABLE ONLY search_document
    ADD CONSTRAINT search_document_pkey PRIMARY KEY (id);
ALTER TABLE ONLY seat
    ADD CONSTRAINT seat_pkey PRIMARY KEY (id);
ALTER TABLE ONLY session
    ADD CONSTRAINT session_pkey PRIMARY KEY (hash);
ALTER TABLE ONLY signature
    ADD CONSTRAINT signature_pkey PRIMARY KEY (id);
ALTER TABLE ONLY sortition
    ADD CONSTRAINT sortition_pkey PRIMARY KEY (meeting_id);
ALTER TABLE ONLY speaker
    ADD CONSTRAINT speaker_live_key UNIQUE (live);
ALTER TABLE ONLY speaker
    ADD CONSTRAINT speaker_pkey PRIMARY KEY (id);
ALTER TABLE ONLY support
    ADD CONSTRAINT support_pkey PRIMARY KEY (id);
ALTER TABLE ONLY token_issue
    ADD CONSTRAINT token_issue_pkey PRIMARY KEY (id);
ALTER TABLE ONLY tortoise_migrations
    ADD CONSTRAINT tortoise_migrations_pkey PRIMARY KEY (id);
ALTER TABLE ONLY area_within
    ADD CONSTRAINT uid_area_within_ancesto_b72cf8 UNIQUE (ancestor_id, descendant_id);
ALTER TABLE ONLY attachment
    ADD CONSTRAINT uid_attachment_kind_bf6240 UNIQUE (kind, subject_id, file_id);
ALTER TABLE ONLY ballot_complaint
    ADD CONSTRAINT uid_ballot_comp_ballot__57fe51 UNIQUE (ballot_id, person_id);
ALTER TABLE ONLY ballot_complaint
    ADD CONSTRAINT uid_ballot_comp_ballot__accf90 UNIQUE (ballot_id, number);
ALTER TABLE ONLY certification
    ADD CONSTRAINT uid_certificati_ballot__179bca UNIQUE (ballot_id, bloc);
ALTER TABLE ONLY certification
    ADD CONSTRAINT uid_certificati_ballot__b3268a UNIQUE (ballot_id, person_id);
ALTER TABLE ONLY charter_version
    ADD CONSTRAINT uid_charter_ver_charter_c523c3 UNIQUE (charter_id, number);
ALTER TABLE ONLY clause_answer
    ADD CONSTRAINT uid_clause_answ_right_i_4fcd64 UNIQUE (right_id, duty_id);
ALTER TABLE ONLY clause
    ADD CONSTRAINT uid_clause_charter_626f93 UNIQUE (charter_id, number);
ALTER TABLE ONLY deadline
    ADD CONSTRAINT uid_deadline_kind_585d69 UNIQUE (kind, subject_id, department_id);
ALTER TABLE ONLY identity
    ADD CONSTRAINT uid_identity_issuer_187ef1 UNIQUE (issuer, subject);
ALTER TABLE ONLY invitation
    ADD CONSTRAINT uid_invitation_party_i_340dd1 UNIQUE (party_id, person_id, role);
ALTER TABLE ONLY ledger_tile
    ADD CONSTRAINT uid_ledger_tile_level_dccec6 UNIQUE (level, index);
ALTER TABLE ONLY meeting_bloc
    ADD CONSTRAINT uid_meeting_blo_meeting_c520ef UNIQUE (meeting_id, bloc);
ALTER TABLE ONLY meeting_proposal
    ADD CONSTRAINT uid_meeting_pro_meeting_8c9ba8 UNIQUE (meeting_id, proposal_id);
ALTER TABLE ONLY membership
    ADD CONSTRAINT uid_membership_party_i_b05073 UNIQUE (party_id, person_id, role, from_day);
ALTER TABLE ONLY minutes
    ADD CONSTRAINT uid_minutes_meeting_0aabd4 UNIQUE (meeting_id, number);
ALTER TABLE ONLY minutes_reply
    ADD CONSTRAINT uid_minutes_rep_minutes_5d38c0 UNIQUE (minutes_id, seat_id);
ALTER TABLE ONLY motion_clause
    ADD CONSTRAINT uid_motion_clau_motion__e8b717 UNIQUE (motion_id, number);
ALTER TABLE ONLY motion
    ADD CONSTRAINT uid_motion_meeting_59ab0e UNIQUE (meeting_id, number);
ALTER TABLE ONLY motion_vote
    ADD CONSTRAINT uid_motion_vote_motion__aa86ed UNIQUE (motion_id, number);
ALTER TABLE ONLY notification_choice
    ADD CONSTRAINT uid_notificatio_person__713386 UNIQUE (person_id, topic, channel);
ALTER TABLE ONLY open_day_host
    ADD CONSTRAINT uid_open_day_ho_open_da_fe66b8 UNIQUE (open_day_id, party_id);
ALTER TABLE ONLY open_day
    ADD CONSTRAINT uid_open_day_series__492bf3 UNIQUE (series_id, on_day);
ALTER TABLE ONLY open_day_slot
    ADD CONSTRAINT uid_open_day_sl_open_da_cb028b UNIQUE (open_day_id, "position");
ALTER TABLE ONLY open_vote
    ADD CONSTRAINT uid_open_vote_ballot__9823d5 UNIQUE (ballot_id, person_id);
ALTER TABLE ONLY option
    ADD CONSTRAINT uid_option_ballot__892944 UNIQUE (ballot_id, key);
ALTER TABLE ONLY paper_batch
    ADD CONSTRAINT uid_paper_batch_ballot__b3f6ef UNIQUE (ballot_id, number);
ALTER TABLE ONLY paper_reading
    ADD CONSTRAINT uid_paper_readi_batch_i_851599 UNIQUE (batch_id, turn);
ALTER TABLE ONLY paper_voter
    ADD CONSTRAINT uid_paper_voter_ballot__8c12bd UNIQUE (ballot_id, person_id);
ALTER TABLE ONLY proposal
    ADD CONSTRAINT uid_proposal_source_658025 UNIQUE (source, source_id);
ALTER TABLE ONLY proposal_version
    ADD CONSTRAINT uid_proposal_ve_proposa_0e5e08 UNIQUE (proposal_id, number);
ALTER TABLE ONLY question_support
    ADD CONSTRAINT uid_question_su_questio_7dea5e UNIQUE (question_id, person_id);
ALTER TABLE ONLY rating
    ADD CONSTRAINT uid_rating_respons_d4ce34 UNIQUE (response_id, person_id);
ALTER TABLE ONLY recusal
    ADD CONSTRAINT uid_recusal_motion__63229a UNIQUE (motion_id, seat_id);
ALTER TABLE ONLY report
    ADD CONSTRAINT uid_report_kind_78ac8e UNIQUE (kind, subject_id, person_id, appeal);
ALTER TABLE ONLY resolution
    ADD CONSTRAINT uid_resolution_meeting_8982d6 UNIQUE (meeting_id, number);
ALTER TABLE ONLY response_version
    ADD CONSTRAINT uid_response_ve_respons_271dd9 UNIQUE (response_id, number);
ALTER TABLE ONLY roll_call
    ADD CONSTRAINT uid_roll_call_vote_id_77824c UNIQUE (vote_id, seat_id);
ALTER TABLE ONLY roll_entry
    ADD CONSTRAINT uid_roll_entry_ballot__82e424 UNIQUE (ballot_id, person_id);
ALTER TABLE ONLY roll_upload
    ADD CONSTRAINT uid_roll_upload_ballot__41cfd7 UNIQUE (ballot_id, edition);
ALTER TABLE ONLY scrutineer
    ADD CONSTRAINT uid_scrutineer_ballot__660198 UNIQUE (ballot_id, person_id);
ALTER TABLE ONLY search_document
    ADD CONSTRAINT uid_search_docu_kind_6e4dfd UNIQUE (kind, subject_id);
ALTER TABLE ONLY seat
    ADD CONSTRAINT uid_seat_meeting_4403ae UNIQUE (meeting_id, person_id);
ALTER TABLE ONLY seat
    ADD CONSTRAINT uid_seat_meeting_62dd96 UNIQUE (meeting_id, ballot_id, option_key);
ALTER TABLE ONLY seat
    ADD CONSTRAINT uid_seat_meeting_6fa245 UNIQUE (meeting_id, number);
ALTER TABLE ONLY signature
    ADD CONSTRAINT uid_signature_version_a5ebad UNIQUE (version_id, party_id);
ALTER TABLE ONLY support
    ADD CONSTRAINT uid_support_proposa_d9f3eb UNIQUE (proposal_id, person_id);
ALTER TABLE ONLY token_issue
    ADD CONSTRAINT uid_token_issue_ballot__9f41b0 UNIQUE (ballot_id, person_id);
ALTER TABLE ONLY tortoise_migrations
    ADD CONSTRAINT uid_tortoise_mi_app_3803a5 UNIQUE (app, name);
ALTER TABLE ONLY volunteer
    ADD CONSTRAINT uid_volunteer_meeting_367c0b UNIQUE (meeting_id, person_id);
ALTER TABLE ONLY volunteer
    ADD CONSTRAINT volunteer_pkey PRIMARY KEY (id);
CREATE INDEX idx_agenda_item_meeting_d44e7e ON agenda_item USING btree (meeting_id, "position");
CREATE INDEX idx_amendment_author__d4b680 ON amendment USING btree (author_id);
CREATE INDEX idx_amendment_proposa_d06675 ON amendment USING btree (proposal_id, state);
CREATE INDEX idx_area_within_descend_2e76f7 ON area_within USING btree (descendant_id, depth);
CREATE INDEX idx_attendance_seat_id_b4720c ON attendance USING btree (seat_id, came_at);
CREATE INDEX idx_ballot_area_id_6f4a31 ON ballot USING btree (area_id, state);
CREATE INDEX idx_ballot_closes__57e9a5 ON ballot USING btree (closes_at);
CREATE INDEX idx_ballot_opens_a_25b4a1 ON ballot USING btree (opens_at);
CREATE INDEX idx_ballot_state_847b52 ON ballot USING btree (state, closes_at);
CREATE INDEX idx_box_entry_ballot ON box_entry USING btree (ballot_id);
CREATE INDEX idx_charter_area_id_1677b3 ON charter USING btree (area_id, state);
CREATE INDEX idx_charter_convene_86ca5b ON charter USING btree (convener_id, state);
CREATE INDEX idx_charter_state_c245f3 ON charter USING btree (state, id);
CREATE INDEX idx_charter_subject_2ec696 ON charter USING btree (subject_kind, subject_id);
CREATE INDEX idx_clause_chan_charter_5bfb1c ON clause_change USING btree (charter_id, state);
CREATE INDEX idx_clause_counter_1b2bd2 ON clause USING btree (counterpart_id, kind);
CREATE INDEX idx_clause_holder__bb58d1 ON clause USING btree (holder_id, kind);
CREATE INDEX idx_comment_author__eaa782 ON comment USING btree (author_id);
CREATE INDEX idx_comment_parent__500207 ON comment USING btree (parent_id, id);
CREATE INDEX idx_comment_proposa_347478 ON comment USING btree (proposal_id, parent_id, answers, id);
CREATE INDEX idx_comment_proposa_9f7fb8 ON comment USING btree (proposal_id, parent_id, id);
CREATE INDEX idx_deadline_answere_843ba8 ON deadline USING btree (answered_at, due_at, id);
CREATE INDEX idx_deadline_answere_f63028 ON deadline USING btree (answered_at, id);
CREATE INDEX idx_deadline_departm_24142d ON deadline USING btree (department_id, answered_at, due_at);
CREATE INDEX idx_deadline_due_at_ebc428 ON deadline USING btree (due_at);
CREATE INDEX idx_deadline_provisi_7e1148 ON deadline USING btree (provisional);
CREATE INDEX idx_deadline_warn_at_1d4b78 ON deadline USING btree (warn_at);
CREATE INDEX idx_evidence_step_id_010ec5 ON evidence USING btree (step_id);
CREATE INDEX idx_file_sha256_b4b28b ON file USING btree (sha256);
CREATE INDEX idx_invitation_person__350faa ON invitation USING btree (person_id);
CREATE INDEX idx_joint_meeti_area_id_eef25b ON joint_meeting USING btree (area_id, state);
CREATE INDEX idx_joint_meeti_starts__e7c92b ON joint_meeting USING btree (starts_at);
CREATE INDEX idx_joint_meeti_state_4527ee ON joint_meeting USING btree (state, starts_at);
CREATE INDEX idx_ledger_commitment ON ledger_entry USING btree (substr(payload, (POSITION(('"commitment":"'::text) IN (payload)) + 14), 16)) WHERE ((act)::text = 'ballot.cast'::text);
CREATE INDEX idx_ledger_entr_act_e8a40e ON ledger_entry USING btree (act, seq);
CREATE INDEX idx_ledger_entr_kind_a3517a ON ledger_entry USING btree (kind, subject_id, id);
CREATE INDEX idx_mail_sent_at_2adc9d ON mail USING btree (sent_at, failed, next_at);
CREATE INDEX idx_membership_person__d4ba04 ON membership USING btree (person_id);
CREATE INDEX idx_merge_reque_into_id_e5bf23 ON merge_request USING btree (into_id, state);
CREATE INDEX idx_motion_parent__ea2647 ON motion USING btree (parent_id, state);
CREATE INDEX idx_notificatio_digest_09d6dc ON notification USING btree (digest, person_id);
CREATE INDEX idx_notificatio_person__080de1 ON notification USING btree (person_id, read_at, id);
CREATE INDEX idx_obligation__obligat_cbf7c8 ON obligation_step USING btree (obligation_id, id);
CREATE INDEX idx_obligation_again_o_836ac1 ON obligation USING btree (again_on);
CREATE INDEX idx_obligation_counter_1f0d2c ON obligation USING btree (counterpart_id, state, due_on);
CREATE INDEX idx_obligation_party_i_02ded2 ON obligation USING btree (party_id, state, due_on);
CREATE INDEX idx_obligation_source__7caaa8 ON obligation USING btree (source_kind, source_id);
CREATE INDEX idx_obligation_state_8eeae0 ON obligation USING btree (state, confirm_by);
CREATE INDEX idx_obligation_state_ce83f8 ON obligation USING btree (state, due_on, id);
CREATE INDEX idx_one_time_co_person__66aa55 ON one_time_code USING btree (person_key);
CREATE INDEX idx_open_day_area_id_10048a ON open_day USING btree (area_id, starts_at);
CREATE INDEX idx_open_day_host_id_83a9ac ON open_day USING btree (host_id, starts_at);
CREATE INDEX idx_open_day_qu_open_da_435211 ON open_day_question USING btree (open_day_id, supports);
CREATE INDEX idx_open_day_state_5503c9 ON open_day USING btree (state, starts_at);
CREATE INDEX idx_party_area_id_1048b5 ON party USING btree (area_id, kind);
CREATE INDEX idx_party_kind_972552 ON party USING btree (kind, state);
CREATE INDEX idx_proposal_area_id_30b370 ON proposal USING btree (area_id, state, published_at);
CREATE INDEX idx_proposal_author__c84065 ON proposal USING btree (author_id);
CREATE INDEX idx_proposal_comment_83d4cf ON proposal USING btree (comments, id);
CREATE INDEX idx_proposal_due_at_0e34ff ON proposal USING btree (due_at, id);
CREATE INDEX idx_proposal_merged__a8246f ON proposal USING btree (merged_into_id);
CREATE INDEX idx_proposal_publish_dba894 ON proposal USING btree (published_at, id);
CREATE INDEX idx_proposal_scenari_3bd87c ON proposal USING btree (scenario_id);
CREATE INDEX idx_proposal_state_b594d5 ON proposal USING btree (state, published_at);
CREATE INDEX idx_proposal_state_df95b0 ON proposal USING btree (state, supports);
CREATE INDEX idx_proposal_support_a65c86 ON proposal USING btree (supports_total, id);
CREATE INDEX idx_registratio_open_da_a5d105 ON registration USING btree (open_day_id, state);
CREATE INDEX idx_registratio_person__96dcf2 ON registration USING btree (person_id);
CREATE INDEX idx_registratio_slot_id_7d2ae2 ON registration USING btree (slot_id, state, id);
CREATE INDEX idx_report_settled_0498d4 ON report USING btree (settled_at, id);
CREATE INDEX idx_residency_area_id_83d140 ON residency USING btree (area_id, state);
CREATE INDEX idx_residency_person__fe6d9d ON residency USING btree (person_id, state);
CREATE INDEX idx_response_publish_640a7b ON response USING btree (published_at);
CREATE INDEX idx_roll_challe_ballot__f261ce ON roll_challenge USING btree (ballot_id, state);
CREATE INDEX idx_roll_challe_person__f62d72 ON roll_challenge USING btree (person_id);
CREATE INDEX idx_roll_upload_beat_at_58c263 ON roll_upload USING btree (beat_at);
CREATE INDEX idx_seat_party_i_b20646 ON seat USING btree (party_id);
CREATE INDEX idx_seat_person__a02f2b ON seat USING btree (person_id);
CREATE INDEX idx_signature_party_i_369ef5 ON signature USING btree (party_id);
CREATE INDEX idx_sortition_closes__6facd1 ON sortition USING btree (closes_at);
CREATE INDEX idx_speaker_meeting_e8c4e5 ON speaker USING btree (meeting_id, state, id);
CREATE INDEX idx_support_person__fe2879 ON support USING btree (person_id);
CREATE INDEX idx_volunteer_meeting_3d6b53 ON volunteer USING btree (meeting_id, rank);
CREATE INDEX ledger_entry_day ON ledger_entry USING btree (day, seq);
CREATE INDEX ledger_entry_party ON ledger_entry USING btree (party_id, seq) WHERE (party_id IS NOT NULL);
CREATE INDEX search_document_terms ON search_document USING gin (to_tsvector('simple'::regconfig, terms));
ALTER TABLE ONLY access_token
    ADD CONSTRAINT access_token_person_id_fkey FOREIGN KEY (person_id) REFERENCES person(id) ON DELETE CASCADE;
ALTER TABLE ONLY agenda_item
    ADD CONSTRAINT agenda_item_meeting_id_fkey FOREIGN KEY (meeting_id) REFERENCES joint_meeting(id) ON DELETE CASCADE;
ALTER TABLE ONLY agenda_item
    ADD CONSTRAINT agenda_item_requested_by_id_fkey FOREIGN KEY (requested_by_id) REFERENCES party(id) ON DELETE RESTRICT;
ALTER TABLE ONLY amendment
    ADD CONSTRAINT amendment_author_id_fkey FOREIGN KEY (author_id) REFERENCES person(id) ON DELETE RESTRICT;
ALTER TABLE ONLY amendment
    ADD CONSTRAINT amendment_party_id_fkey FOREIGN KEY (party_id) REFERENCES party(id) ON DELETE RESTRICT;
ALTER TABLE ONLY amendment
    ADD CONSTRAINT amendment_proposal_id_fkey FOREIGN KEY (proposal_id) REFERENCES proposal(id) ON DELETE CASCADE;
ALTER TABLE ONLY area
    ADD CONSTRAINT area_parent_id_fkey FOREIGN KEY (parent_id) REFERENCES area(id) ON DELETE RESTRICT;
ALTER TABLE ONLY area_within
    ADD CONSTRAINT area_within_ancestor_id_fkey FOREIGN KEY (ancestor_id) REFERENCES area(id) ON DELETE CASCADE;
ALTER TABLE ONLY area_within
    ADD CONSTRAINT area_within_descendant_id_fkey FOREIGN KEY (descendant_id) REFERENCES area(id) ON DELETE CASCADE;
ALTER TABLE ONLY attachment
    ADD CONSTRAINT attachment_file_id_fkey FOREIGN KEY (file_id) REFERENCES file(id) ON DELETE CASCADE;
ALTER TABLE ONLY attendance
    ADD CONSTRAINT attendance_person_id_fkey FOREIGN KEY (person_id) REFERENCES person(id) ON DELETE RESTRICT;
ALTER TABLE ONLY attendance
    ADD CONSTRAINT attendance_seat_id_fkey FOREIGN KEY (seat_id) REFERENCES seat(id) ON DELETE CASCADE;
ALTER TABLE ONLY ballot
    ADD CONSTRAINT ballot_area_id_fkey FOREIGN KEY (area_id) REFERENCES area(id) ON DELETE RESTRICT;
ALTER TABLE ONLY ballot
    ADD CONSTRAINT ballot_author_id_fkey FOREIGN KEY (author_id) REFERENCES person(id) ON DELETE RESTRICT;
ALTER TABLE ONLY ballot_complaint
    ADD CONSTRAINT ballot_complaint_ballot_id_fkey FOREIGN KEY (ballot_id) REFERENCES ballot(id) ON DELETE RESTRICT;
ALTER TABLE ONLY ballot_complaint
    ADD CONSTRAINT ballot_complaint_party_id_fkey FOREIGN KEY (party_id) REFERENCES party(id) ON DELETE RESTRICT;
ALTER TABLE ONLY ballot_complaint
    ADD CONSTRAINT ballot_complaint_person_id_fkey FOREIGN KEY (person_id) REFERENCES person(id) ON DELETE RESTRICT;
ALTER TABLE ONLY ballot
    ADD CONSTRAINT ballot_host_id_fkey FOREIGN KEY (host_id) REFERENCES party(id) ON DELETE RESTRICT;
ALTER TABLE ONLY ballot
    ADD CONSTRAINT ballot_proposal_id_fkey FOREIGN KEY (proposal_id) REFERENCES proposal(id) ON DELETE SET NULL;
ALTER TABLE ONLY ballot
    ADD CONSTRAINT ballot_rerun_of_id_fkey FOREIGN KEY (rerun_of_id) REFERENCES ballot(id) ON DELETE RESTRICT;
ALTER TABLE ONLY certification
    ADD CONSTRAINT certification_ballot_id_fkey FOREIGN KEY (ballot_id) REFERENCES ballot(id) ON DELETE CASCADE;
ALTER TABLE ONLY certification
    ADD CONSTRAINT certification_party_id_fkey FOREIGN KEY (party_id) REFERENCES party(id) ON DELETE RESTRICT;
ALTER TABLE ONLY certification
    ADD CONSTRAINT certification_person_id_fkey FOREIGN KEY (person_id) REFERENCES person(id) ON DELETE RESTRICT;
ALTER TABLE ONLY charter
    ADD CONSTRAINT charter_area_id_fkey FOREIGN KEY (area_id) REFERENCES area(id) ON DELETE RESTRICT;
ALTER TABLE ONLY charter
    ADD CONSTRAINT charter_convener_id_fkey FOREIGN KEY (convener_id) REFERENCES party(id) ON DELETE RESTRICT;
ALTER TABLE ONLY charter
    ADD CONSTRAINT charter_supersedes_id_fkey FOREIGN KEY (supersedes_id) REFERENCES charter(id) ON DELETE RESTRICT;
ALTER TABLE ONLY charter_version
    ADD CONSTRAINT charter_version_by_id_fkey FOREIGN KEY (by_id) REFERENCES party(id) ON DELETE RESTRICT;
ALTER TABLE ONLY charter_version
    ADD CONSTRAINT charter_version_charter_id_fkey FOREIGN KEY (charter_id) REFERENCES charter(id) ON DELETE CASCADE;
ALTER TABLE ONLY clause_answer
    ADD CONSTRAINT clause_answer_duty_id_fkey FOREIGN KEY (duty_id) REFERENCES clause(id) ON DELETE CASCADE;
ALTER TABLE ONLY clause_answer
    ADD CONSTRAINT clause_answer_right_id_fkey FOREIGN KEY (right_id) REFERENCES clause(id) ON DELETE CASCADE;
ALTER TABLE ONLY clause_change
    ADD CONSTRAINT clause_change_by_id_fkey FOREIGN KEY (by_id) REFERENCES party(id) ON DELETE RESTRICT;
ALTER TABLE ONLY clause_change
    ADD CONSTRAINT clause_change_charter_id_fkey FOREIGN KEY (charter_id) REFERENCES charter(id) ON DELETE CASCADE;
ALTER TABLE ONLY clause_change
    ADD CONSTRAINT clause_change_decided_by_id_fkey FOREIGN KEY (decided_by_id) REFERENCES party(id) ON DELETE RESTRICT;
ALTER TABLE ONLY clause_change
    ADD CONSTRAINT clause_change_person_id_fkey FOREIGN KEY (person_id) REFERENCES person(id) ON DELETE SET NULL;
ALTER TABLE ONLY clause
    ADD CONSTRAINT clause_charter_id_fkey FOREIGN KEY (charter_id) REFERENCES charter(id) ON DELETE CASCADE;
ALTER TABLE ONLY clause
    ADD CONSTRAINT clause_counterpart_area_id_fkey FOREIGN KEY (counterpart_area_id) REFERENCES area(id) ON DELETE RESTRICT;
ALTER TABLE ONLY clause
    ADD CONSTRAINT clause_counterpart_id_fkey FOREIGN KEY (counterpart_id) REFERENCES party(id) ON DELETE RESTRICT;
ALTER TABLE ONLY clause
    ADD CONSTRAINT clause_declarer_id_fkey FOREIGN KEY (declarer_id) REFERENCES party(id) ON DELETE RESTRICT;
ALTER TABLE ONLY clause
    ADD CONSTRAINT clause_holder_area_id_fkey FOREIGN KEY (holder_area_id) REFERENCES area(id) ON DELETE RESTRICT;
ALTER TABLE ONLY clause
    ADD CONSTRAINT clause_holder_id_fkey FOREIGN KEY (holder_id) REFERENCES party(id) ON DELETE RESTRICT;
ALTER TABLE ONLY closed_box
    ADD CONSTRAINT closed_box_ballot_id_fkey FOREIGN KEY (ballot_id) REFERENCES ballot(id) ON DELETE CASCADE;
ALTER TABLE ONLY comment
    ADD CONSTRAINT comment_author_id_fkey FOREIGN KEY (author_id) REFERENCES person(id) ON DELETE RESTRICT;
ALTER TABLE ONLY comment
    ADD CONSTRAINT comment_parent_id_fkey FOREIGN KEY (parent_id) REFERENCES comment(id) ON DELETE CASCADE;
ALTER TABLE ONLY comment
    ADD CONSTRAINT comment_party_id_fkey FOREIGN KEY (party_id) REFERENCES party(id) ON DELETE RESTRICT;
ALTER TABLE ONLY comment
    ADD CONSTRAINT comment_proposal_id_fkey FOREIGN KEY (proposal_id) REFERENCES proposal(id) ON DELETE CASCADE;
ALTER TABLE ONLY deadline
    ADD CONSTRAINT deadline_department_id_fkey FOREIGN KEY (department_id) REFERENCES party(id) ON DELETE RESTRICT;
ALTER TABLE ONLY escalation
    ADD CONSTRAINT escalation_person_id_fkey FOREIGN KEY (person_id) REFERENCES person(id) ON DELETE RESTRICT;
ALTER TABLE ONLY escalation
    ADD CONSTRAINT escalation_response_id_fkey FOREIGN KEY (response_id) REFERENCES response(id) ON DELETE CASCADE;
ALTER TABLE ONLY evidence
    ADD CONSTRAINT evidence_file_id_fkey FOREIGN KEY (file_id) REFERENCES file(id) ON DELETE RESTRICT;
ALTER TABLE ONLY evidence
    ADD CONSTRAINT evidence_step_id_fkey FOREIGN KEY (step_id) REFERENCES obligation_step(id) ON DELETE CASCADE;
ALTER TABLE ONLY file
    ADD CONSTRAINT file_owner_id_fkey FOREIGN KEY (owner_id) REFERENCES person(id) ON DELETE CASCADE;
ALTER TABLE ONLY identity
    ADD CONSTRAINT identity_person_id_fkey FOREIGN KEY (person_id) REFERENCES person(id) ON DELETE CASCADE;
ALTER TABLE ONLY invitation
    ADD CONSTRAINT invitation_party_id_fkey FOREIGN KEY (party_id) REFERENCES party(id) ON DELETE CASCADE;
ALTER TABLE ONLY invitation
    ADD CONSTRAINT invitation_person_id_fkey FOREIGN KEY (person_id) REFERENCES person(id) ON DELETE CASCADE;
ALTER TABLE ONLY joint_meeting
    ADD CONSTRAINT joint_meeting_area_id_fkey FOREIGN KEY (area_id) REFERENCES area(id) ON DELETE RESTRICT;
ALTER TABLE ONLY joint_meeting
    ADD CONSTRAINT joint_meeting_author_id_fkey FOREIGN KEY (author_id) REFERENCES person(id) ON DELETE RESTRICT;
ALTER TABLE ONLY joint_meeting
    ADD CONSTRAINT joint_meeting_chair_id_fkey FOREIGN KEY (chair_id) REFERENCES person(id) ON DELETE RESTRICT;
ALTER TABLE ONLY joint_meeting
    ADD CONSTRAINT joint_meeting_convener_id_fkey FOREIGN KEY (convener_id) REFERENCES party(id) ON DELETE RESTRICT;
ALTER TABLE ONLY joint_meeting
    ADD CONSTRAINT joint_meeting_scenario_id_fkey FOREIGN KEY (scenario_id) REFERENCES scenario(id) ON DELETE SET NULL;
ALTER TABLE ONLY joint_meeting
    ADD CONSTRAINT joint_meeting_secretary_id_fkey FOREIGN KEY (secretary_id) REFERENCES person(id) ON DELETE RESTRICT;
ALTER TABLE ONLY mail
    ADD CONSTRAINT mail_person_id_fkey FOREIGN KEY (person_id) REFERENCES person(id) ON DELETE CASCADE;
ALTER TABLE ONLY meeting_bloc
    ADD CONSTRAINT meeting_bloc_meeting_id_fkey FOREIGN KEY (meeting_id) REFERENCES joint_meeting(id) ON DELETE CASCADE;
ALTER TABLE ONLY meeting_proposal
    ADD CONSTRAINT meeting_proposal_meeting_id_fkey FOREIGN KEY (meeting_id) REFERENCES joint_meeting(id) ON DELETE CASCADE;
ALTER TABLE ONLY meeting_proposal
    ADD CONSTRAINT meeting_proposal_proposal_id_fkey FOREIGN KEY (proposal_id) REFERENCES proposal(id) ON DELETE CASCADE;
ALTER TABLE ONLY membership
    ADD CONSTRAINT membership_party_id_fkey FOREIGN KEY (party_id) REFERENCES party(id) ON DELETE CASCADE;
ALTER TABLE ONLY membership
    ADD CONSTRAINT membership_person_id_fkey FOREIGN KEY (person_id) REFERENCES person(id) ON DELETE CASCADE;
ALTER TABLE ONLY merge_request
    ADD CONSTRAINT merge_request_into_id_fkey FOREIGN KEY (into_id) REFERENCES proposal(id) ON DELETE CASCADE;
ALTER TABLE ONLY merge_request
    ADD CONSTRAINT merge_request_proposal_id_fkey FOREIGN KEY (proposal_id) REFERENCES proposal(id) ON DELETE CASCADE;
ALTER TABLE ONLY minutes
    ADD CONSTRAINT minutes_author_id_fkey FOREIGN KEY (author_id) REFERENCES person(id) ON DELETE RESTRICT;
ALTER TABLE ONLY minutes
    ADD CONSTRAINT minutes_meeting_id_fkey FOREIGN KEY (meeting_id) REFERENCES joint_meeting(id) ON DELETE CASCADE;
ALTER TABLE ONLY minutes_reply
    ADD CONSTRAINT minutes_reply_minutes_id_fkey FOREIGN KEY (minutes_id) REFERENCES minutes(id) ON DELETE CASCADE;
ALTER TABLE ONLY minutes_reply
    ADD CONSTRAINT minutes_reply_person_id_fkey FOREIGN KEY (person_id) REFERENCES person(id) ON DELETE RESTRICT;
ALTER TABLE ONLY minutes_reply
    ADD CONSTRAINT minutes_reply_seat_id_fkey FOREIGN KEY (seat_id) REFERENCES seat(id) ON DELETE RESTRICT;
ALTER TABLE ONLY module
    ADD CONSTRAINT module_scenario_id_fkey FOREIGN KEY (scenario_id) REFERENCES scenario(id) ON DELETE CASCADE;
ALTER TABLE ONLY motion_clause
    ADD CONSTRAINT motion_clause_counterpart_id_fkey FOREIGN KEY (counterpart_id) REFERENCES party(id) ON DELETE RESTRICT;
ALTER TABLE ONLY motion_clause
    ADD CONSTRAINT motion_clause_motion_id_fkey FOREIGN KEY (motion_id) REFERENCES motion(id) ON DELETE CASCADE;
ALTER TABLE ONLY motion_clause
    ADD CONSTRAINT motion_clause_obligation_id_fkey FOREIGN KEY (obligation_id) REFERENCES obligation(id) ON DELETE SET NULL;
ALTER TABLE ONLY motion_clause
    ADD CONSTRAINT motion_clause_party_id_fkey FOREIGN KEY (party_id) REFERENCES party(id) ON DELETE RESTRICT;
ALTER TABLE ONLY motion
    ADD CONSTRAINT motion_item_id_fkey FOREIGN KEY (item_id) REFERENCES agenda_item(id) ON DELETE RESTRICT;
ALTER TABLE ONLY motion
    ADD CONSTRAINT motion_meeting_id_fkey FOREIGN KEY (meeting_id) REFERENCES joint_meeting(id) ON DELETE CASCADE;
ALTER TABLE ONLY motion
    ADD CONSTRAINT motion_mover_id_fkey FOREIGN KEY (mover_id) REFERENCES seat(id) ON DELETE RESTRICT;
ALTER TABLE ONLY motion
    ADD CONSTRAINT motion_mover_person_id_fkey FOREIGN KEY (mover_person_id) REFERENCES person(id) ON DELETE RESTRICT;
ALTER TABLE ONLY motion
    ADD CONSTRAINT motion_parent_id_fkey FOREIGN KEY (parent_id) REFERENCES motion(id) ON DELETE CASCADE;
ALTER TABLE ONLY motion
    ADD CONSTRAINT motion_seconder_id_fkey FOREIGN KEY (seconder_id) REFERENCES seat(id) ON DELETE RESTRICT;
ALTER TABLE ONLY motion
    ADD CONSTRAINT motion_seconder_person_id_fkey FOREIGN KEY (seconder_person_id) REFERENCES person(id) ON DELETE RESTRICT;
ALTER TABLE ONLY motion_vote
    ADD CONSTRAINT motion_vote_motion_id_fkey FOREIGN KEY (motion_id) REFERENCES motion(id) ON DELETE CASCADE;
ALTER TABLE ONLY notification_choice
    ADD CONSTRAINT notification_choice_person_id_fkey FOREIGN KEY (person_id) REFERENCES person(id) ON DELETE CASCADE;
ALTER TABLE ONLY notification
    ADD CONSTRAINT notification_person_id_fkey FOREIGN KEY (person_id) REFERENCES person(id) ON DELETE CASCADE;
ALTER TABLE ONLY obligation
    ADD CONSTRAINT obligation_charter_id_fkey FOREIGN KEY (charter_id) REFERENCES charter(id) ON DELETE RESTRICT;
ALTER TABLE ONLY obligation
    ADD CONSTRAINT obligation_clause_id_fkey FOREIGN KEY (clause_id) REFERENCES clause(id) ON DELETE SET NULL;
ALTER TABLE ONLY obligation
    ADD CONSTRAINT obligation_counterpart_area_id_fkey FOREIGN KEY (counterpart_area_id) REFERENCES area(id) ON DELETE RESTRICT;
ALTER TABLE ONLY obligation
    ADD CONSTRAINT obligation_counterpart_id_fkey FOREIGN KEY (counterpart_id) REFERENCES party(id) ON DELETE RESTRICT;
ALTER TABLE ONLY obligation
    ADD CONSTRAINT obligation_party_id_fkey FOREIGN KEY (party_id) REFERENCES party(id) ON DELETE RESTRICT;
ALTER TABLE ONLY obligation
    ADD CONSTRAINT obligation_response_id_fkey FOREIGN KEY (response_id) REFERENCES response(id) ON DELETE CASCADE;
ALTER TABLE ONLY obligation_step
    ADD CONSTRAINT obligation_step_obligation_id_fkey FOREIGN KEY (obligation_id) REFERENCES obligation(id) ON DELETE CASCADE;
ALTER TABLE ONLY obligation_step
    ADD CONSTRAINT obligation_step_party_id_fkey FOREIGN KEY (party_id) REFERENCES party(id) ON DELETE RESTRICT;
ALTER TABLE ONLY obligation_step
    ADD CONSTRAINT obligation_step_person_id_fkey FOREIGN KEY (person_id) REFERENCES person(id) ON DELETE SET NULL;
ALTER TABLE ONLY one_time_code
    ADD CONSTRAINT one_time_code_area_id_fkey FOREIGN KEY (area_id) REFERENCES area(id) ON DELETE CASCADE;
ALTER TABLE ONLY one_time_code
    ADD CONSTRAINT one_time_code_party_id_fkey FOREIGN KEY (party_id) REFERENCES party(id) ON DELETE CASCADE;
ALTER TABLE ONLY open_day
    ADD CONSTRAINT open_day_area_id_fkey FOREIGN KEY (area_id) REFERENCES area(id) ON DELETE RESTRICT;
ALTER TABLE ONLY open_day
    ADD CONSTRAINT open_day_author_id_fkey FOREIGN KEY (author_id) REFERENCES person(id) ON DELETE RESTRICT;
ALTER TABLE ONLY open_day_feedback
    ADD CONSTRAINT open_day_feedback_open_day_id_fkey FOREIGN KEY (open_day_id) REFERENCES open_day(id) ON DELETE CASCADE;
ALTER TABLE ONLY open_day_feedback
    ADD CONSTRAINT open_day_feedback_registration_id_fkey FOREIGN KEY (registration_id) REFERENCES registration(id) ON DELETE CASCADE;
ALTER TABLE ONLY open_day
    ADD CONSTRAINT open_day_host_id_fkey FOREIGN KEY (host_id) REFERENCES party(id) ON DELETE RESTRICT;
ALTER TABLE ONLY open_day_host
    ADD CONSTRAINT open_day_host_open_day_id_fkey FOREIGN KEY (open_day_id) REFERENCES open_day(id) ON DELETE CASCADE;
ALTER TABLE ONLY open_day_host
    ADD CONSTRAINT open_day_host_party_id_fkey FOREIGN KEY (party_id) REFERENCES party(id) ON DELETE RESTRICT;
ALTER TABLE ONLY open_day_question
    ADD CONSTRAINT open_day_question_answered_by_id_fkey FOREIGN KEY (answered_by_id) REFERENCES party(id) ON DELETE RESTRICT;
ALTER TABLE ONLY open_day_question
    ADD CONSTRAINT open_day_question_author_id_fkey FOREIGN KEY (author_id) REFERENCES person(id) ON DELETE RESTRICT;
ALTER TABLE ONLY open_day_question
    ADD CONSTRAINT open_day_question_open_day_id_fkey FOREIGN KEY (open_day_id) REFERENCES open_day(id) ON DELETE CASCADE;
ALTER TABLE ONLY open_day_question
    ADD CONSTRAINT open_day_question_proposal_id_fkey FOREIGN KEY (proposal_id) REFERENCES proposal(id) ON DELETE SET NULL;
ALTER TABLE ONLY open_day
    ADD CONSTRAINT open_day_scenario_id_fkey FOREIGN KEY (scenario_id) REFERENCES scenario(id) ON DELETE SET NULL;
ALTER TABLE ONLY open_day_series
    ADD CONSTRAINT open_day_series_area_id_fkey FOREIGN KEY (area_id) REFERENCES area(id) ON DELETE RESTRICT;
ALTER TABLE ONLY open_day_series
    ADD CONSTRAINT open_day_series_host_id_fkey FOREIGN KEY (host_id) REFERENCES party(id) ON DELETE RESTRICT;
ALTER TABLE ONLY open_day
    ADD CONSTRAINT open_day_series_id_fkey FOREIGN KEY (series_id) REFERENCES open_day_series(id) ON DELETE SET NULL;
ALTER TABLE ONLY open_day_slot
    ADD CONSTRAINT open_day_slot_open_day_id_fkey FOREIGN KEY (open_day_id) REFERENCES open_day(id) ON DELETE CASCADE;
ALTER TABLE ONLY open_vote
    ADD CONSTRAINT open_vote_ballot_id_fkey FOREIGN KEY (ballot_id) REFERENCES ballot(id) ON DELETE CASCADE;
ALTER TABLE ONLY open_vote
    ADD CONSTRAINT open_vote_person_id_fkey FOREIGN KEY (person_id) REFERENCES person(id) ON DELETE CASCADE;
ALTER TABLE ONLY option
    ADD CONSTRAINT option_ballot_id_fkey FOREIGN KEY (ballot_id) REFERENCES ballot(id) ON DELETE CASCADE;
ALTER TABLE ONLY paper
    ADD CONSTRAINT paper_ballot_id_fkey FOREIGN KEY (ballot_id) REFERENCES ballot(id) ON DELETE RESTRICT;
ALTER TABLE ONLY paper_batch
    ADD CONSTRAINT paper_batch_ballot_id_fkey FOREIGN KEY (ballot_id) REFERENCES ballot(id) ON DELETE RESTRICT;
ALTER TABLE ONLY paper_polling
    ADD CONSTRAINT paper_polling_ballot_id_fkey FOREIGN KEY (ballot_id) REFERENCES ballot(id) ON DELETE CASCADE;
ALTER TABLE ONLY paper_reading
    ADD CONSTRAINT paper_reading_batch_id_fkey FOREIGN KEY (batch_id) REFERENCES paper_batch(id) ON DELETE CASCADE;
ALTER TABLE ONLY paper_reading
    ADD CONSTRAINT paper_reading_clerk_id_fkey FOREIGN KEY (clerk_id) REFERENCES person(id) ON DELETE RESTRICT;
ALTER TABLE ONLY paper_voter
    ADD CONSTRAINT paper_voter_ballot_id_fkey FOREIGN KEY (ballot_id) REFERENCES ballot(id) ON DELETE CASCADE;
ALTER TABLE ONLY paper_voter
    ADD CONSTRAINT paper_voter_person_id_fkey FOREIGN KEY (person_id) REFERENCES person(id) ON DELETE RESTRICT;
ALTER TABLE ONLY party
    ADD CONSTRAINT party_area_id_fkey FOREIGN KEY (area_id) REFERENCES area(id) ON DELETE RESTRICT;
ALTER TABLE ONLY proposal
    ADD CONSTRAINT proposal_area_id_fkey FOREIGN KEY (area_id) REFERENCES area(id) ON DELETE RESTRICT;
ALTER TABLE ONLY proposal
    ADD CONSTRAINT proposal_author_id_fkey FOREIGN KEY (author_id) REFERENCES person(id) ON DELETE RESTRICT;
ALTER TABLE ONLY proposal
    ADD CONSTRAINT proposal_merged_into_id_fkey FOREIGN KEY (merged_into_id) REFERENCES proposal(id) ON DELETE SET NULL;
ALTER TABLE ONLY proposal
    ADD CONSTRAINT proposal_party_id_fkey FOREIGN KEY (party_id) REFERENCES party(id) ON DELETE RESTRICT;
ALTER TABLE ONLY proposal
    ADD CONSTRAINT proposal_scenario_id_fkey FOREIGN KEY (scenario_id) REFERENCES scenario(id) ON DELETE SET NULL;
ALTER TABLE ONLY proposal
    ADD CONSTRAINT proposal_sponsor_id_fkey FOREIGN KEY (sponsor_id) REFERENCES party(id) ON DELETE RESTRICT;
ALTER TABLE ONLY proposal_version
    ADD CONSTRAINT proposal_version_author_id_fkey FOREIGN KEY (author_id) REFERENCES person(id) ON DELETE RESTRICT;
ALTER TABLE ONLY proposal_version
    ADD CONSTRAINT proposal_version_proposal_id_fkey FOREIGN KEY (proposal_id) REFERENCES proposal(id) ON DELETE CASCADE;
ALTER TABLE ONLY question_support
    ADD CONSTRAINT question_support_person_id_fkey FOREIGN KEY (person_id) REFERENCES person(id) ON DELETE CASCADE;
ALTER TABLE ONLY question_support
    ADD CONSTRAINT question_support_question_id_fkey FOREIGN KEY (question_id) REFERENCES open_day_question(id) ON DELETE CASCADE;
ALTER TABLE ONLY rating
    ADD CONSTRAINT rating_person_id_fkey FOREIGN KEY (person_id) REFERENCES person(id) ON DELETE CASCADE;
ALTER TABLE ONLY rating
    ADD CONSTRAINT rating_response_id_fkey FOREIGN KEY (response_id) REFERENCES response(id) ON DELETE CASCADE;
ALTER TABLE ONLY recusal
    ADD CONSTRAINT recusal_motion_id_fkey FOREIGN KEY (motion_id) REFERENCES motion(id) ON DELETE CASCADE;
ALTER TABLE ONLY recusal
    ADD CONSTRAINT recusal_seat_id_fkey FOREIGN KEY (seat_id) REFERENCES seat(id) ON DELETE CASCADE;
ALTER TABLE ONLY registration
    ADD CONSTRAINT registration_clerk_id_fkey FOREIGN KEY (clerk_id) REFERENCES person(id) ON DELETE SET NULL;
ALTER TABLE ONLY registration
    ADD CONSTRAINT registration_open_day_id_fkey FOREIGN KEY (open_day_id) REFERENCES open_day(id) ON DELETE CASCADE;
ALTER TABLE ONLY registration
    ADD CONSTRAINT registration_party_id_fkey FOREIGN KEY (party_id) REFERENCES party(id) ON DELETE CASCADE;
ALTER TABLE ONLY registration
    ADD CONSTRAINT registration_person_id_fkey FOREIGN KEY (person_id) REFERENCES person(id) ON DELETE CASCADE;
ALTER TABLE ONLY registration
    ADD CONSTRAINT registration_slot_id_fkey FOREIGN KEY (slot_id) REFERENCES open_day_slot(id) ON DELETE CASCADE;
ALTER TABLE ONLY report
    ADD CONSTRAINT report_person_id_fkey FOREIGN KEY (person_id) REFERENCES person(id) ON DELETE CASCADE;
ALTER TABLE ONLY residency
    ADD CONSTRAINT residency_area_id_fkey FOREIGN KEY (area_id) REFERENCES area(id) ON DELETE RESTRICT;
ALTER TABLE ONLY residency
    ADD CONSTRAINT residency_decided_by_id_fkey FOREIGN KEY (decided_by_id) REFERENCES person(id) ON DELETE SET NULL;
ALTER TABLE ONLY residency
    ADD CONSTRAINT residency_person_id_fkey FOREIGN KEY (person_id) REFERENCES person(id) ON DELETE CASCADE;
ALTER TABLE ONLY resolution
    ADD CONSTRAINT resolution_meeting_id_fkey FOREIGN KEY (meeting_id) REFERENCES joint_meeting(id) ON DELETE CASCADE;
ALTER TABLE ONLY resolution
    ADD CONSTRAINT resolution_motion_id_fkey FOREIGN KEY (motion_id) REFERENCES motion(id) ON DELETE CASCADE;
ALTER TABLE ONLY response
    ADD CONSTRAINT response_author_id_fkey FOREIGN KEY (author_id) REFERENCES person(id) ON DELETE RESTRICT;
ALTER TABLE ONLY response
    ADD CONSTRAINT response_deadline_id_fkey FOREIGN KEY (deadline_id) REFERENCES deadline(id) ON DELETE RESTRICT;
ALTER TABLE ONLY response
    ADD CONSTRAINT response_transferred_to_id_fkey FOREIGN KEY (transferred_to_id) REFERENCES party(id) ON DELETE RESTRICT;
ALTER TABLE ONLY response_version
    ADD CONSTRAINT response_version_response_id_fkey FOREIGN KEY (response_id) REFERENCES response(id) ON DELETE CASCADE;
ALTER TABLE ONLY roll
    ADD CONSTRAINT roll_ballot_id_fkey FOREIGN KEY (ballot_id) REFERENCES ballot(id) ON DELETE CASCADE;
ALTER TABLE ONLY roll_call
    ADD CONSTRAINT roll_call_person_id_fkey FOREIGN KEY (person_id) REFERENCES person(id) ON DELETE RESTRICT;
ALTER TABLE ONLY roll_call
    ADD CONSTRAINT roll_call_seat_id_fkey FOREIGN KEY (seat_id) REFERENCES seat(id) ON DELETE RESTRICT;
ALTER TABLE ONLY roll_call
    ADD CONSTRAINT roll_call_vote_id_fkey FOREIGN KEY (vote_id) REFERENCES motion_vote(id) ON DELETE CASCADE;
ALTER TABLE ONLY roll_challenge
    ADD CONSTRAINT roll_challenge_ballot_id_fkey FOREIGN KEY (ballot_id) REFERENCES ballot(id) ON DELETE CASCADE;
ALTER TABLE ONLY roll_challenge
    ADD CONSTRAINT roll_challenge_person_id_fkey FOREIGN KEY (person_id) REFERENCES person(id) ON DELETE CASCADE;
ALTER TABLE ONLY roll_entry
    ADD CONSTRAINT roll_entry_ballot_id_fkey FOREIGN KEY (ballot_id) REFERENCES ballot(id) ON DELETE CASCADE;
ALTER TABLE ONLY roll_entry
    ADD CONSTRAINT roll_entry_person_id_fkey FOREIGN KEY (person_id) REFERENCES person(id) ON DELETE CASCADE;
ALTER TABLE ONLY roll_line
    ADD CONSTRAINT roll_line_ballot_id_fkey FOREIGN KEY (ballot_id) REFERENCES ballot(id) ON DELETE CASCADE;
ALTER TABLE ONLY roll_upload
    ADD CONSTRAINT roll_upload_ballot_id_fkey FOREIGN KEY (ballot_id) REFERENCES ballot(id) ON DELETE CASCADE;
ALTER TABLE ONLY roll_upload
    ADD CONSTRAINT roll_upload_person_id_fkey FOREIGN KEY (person_id) REFERENCES person(id) ON DELETE SET NULL;
ALTER TABLE ONLY scenario
    ADD CONSTRAINT scenario_area_id_fkey FOREIGN KEY (area_id) REFERENCES area(id) ON DELETE RESTRICT;
ALTER TABLE ONLY scenario
    ADD CONSTRAINT scenario_lead_id_fkey FOREIGN KEY (lead_id) REFERENCES party(id) ON DELETE RESTRICT;
ALTER TABLE ONLY scrutineer
    ADD CONSTRAINT scrutineer_ballot_id_fkey FOREIGN KEY (ballot_id) REFERENCES ballot(id) ON DELETE CASCADE;
ALTER TABLE ONLY scrutineer
    ADD CONSTRAINT scrutineer_party_id_fkey FOREIGN KEY (party_id) REFERENCES party(id) ON DELETE RESTRICT;
ALTER TABLE ONLY scrutineer
    ADD CONSTRAINT scrutineer_person_id_fkey FOREIGN KEY (person_id) REFERENCES person(id) ON DELETE RESTRICT;
ALTER TABLE ONLY seat
    ADD CONSTRAINT seat_ballot_id_fkey FOREIGN KEY (ballot_id) REFERENCES ballot(id) ON DELETE RESTRICT;
ALTER TABLE ONLY seat
    ADD CONSTRAINT seat_meeting_id_fkey FOREIGN KEY (meeting_id) REFERENCES joint_meeting(id) ON DELETE CASCADE;
ALTER TABLE ONLY seat
    ADD CONSTRAINT seat_party_id_fkey FOREIGN KEY (party_id) REFERENCES party(id) ON DELETE RESTRICT;
ALTER TABLE ONLY seat
    ADD CONSTRAINT seat_person_id_fkey FOREIGN KEY (person_id) REFERENCES person(id) ON DELETE RESTRICT;
ALTER TABLE ONLY seat
    ADD CONSTRAINT seat_replaced_id_fkey FOREIGN KEY (replaced_id) REFERENCES person(id) ON DELETE RESTRICT;
ALTER TABLE ONLY session
    ADD CONSTRAINT session_person_id_fkey FOREIGN KEY (person_id) REFERENCES person(id) ON DELETE CASCADE;
ALTER TABLE ONLY signature
    ADD CONSTRAINT signature_party_id_fkey FOREIGN KEY (party_id) REFERENCES party(id) ON DELETE RESTRICT;
ALTER TABLE ONLY signature
    ADD CONSTRAINT signature_person_id_fkey FOREIGN KEY (person_id) REFERENCES person(id) ON DELETE SET NULL;
ALTER TABLE ONLY signature
    ADD CONSTRAINT signature_version_id_fkey FOREIGN KEY (version_id) REFERENCES charter_version(id) ON DELETE CASCADE;
ALTER TABLE ONLY sortition
    ADD CONSTRAINT sortition_area_id_fkey FOREIGN KEY (area_id) REFERENCES area(id) ON DELETE RESTRICT;
ALTER TABLE ONLY sortition
    ADD CONSTRAINT sortition_meeting_id_fkey FOREIGN KEY (meeting_id) REFERENCES joint_meeting(id) ON DELETE CASCADE;
ALTER TABLE ONLY speaker
    ADD CONSTRAINT speaker_item_id_fkey FOREIGN KEY (item_id) REFERENCES agenda_item(id) ON DELETE CASCADE;
ALTER TABLE ONLY speaker
    ADD CONSTRAINT speaker_meeting_id_fkey FOREIGN KEY (meeting_id) REFERENCES joint_meeting(id) ON DELETE CASCADE;
ALTER TABLE ONLY speaker
    ADD CONSTRAINT speaker_person_id_fkey FOREIGN KEY (person_id) REFERENCES person(id) ON DELETE RESTRICT;
ALTER TABLE ONLY speaker
    ADD CONSTRAINT speaker_seat_id_fkey FOREIGN KEY (seat_id) REFERENCES seat(id) ON DELETE CASCADE;
ALTER TABLE ONLY support
    ADD CONSTRAINT support_person_id_fkey FOREIGN KEY (person_id) REFERENCES person(id) ON DELETE CASCADE;
ALTER TABLE ONLY support
    ADD CONSTRAINT support_proposal_id_fkey FOREIGN KEY (proposal_id) REFERENCES proposal(id) ON DELETE CASCADE;
ALTER TABLE ONLY token_issue
    ADD CONSTRAINT token_issue_ballot_id_fkey FOREIGN KEY (ballot_id) REFERENCES ballot(id) ON DELETE CASCADE;
ALTER TABLE ONLY token_issue
    ADD CONSTRAINT token_issue_person_id_fkey FOREIGN KEY (person_id) REFERENCES person(id) ON DELETE CASCADE;
ALTER TABLE ONLY volunteer
    ADD CONSTRAINT volunteer_meeting_id_fkey FOREIGN KEY (meeting_id) REFERENCES joint_meeting(id) ON DELETE CASCADE;
ALTER TABLE ONLY volunteer
    ADD CONSTRAINT volunteer_person_id_fkey FOREIGN KEY (person_id) REFERENCES person(id) ON DELETE RESTRICT;
INSERT INTO tortoise_migrations (app, name, applied_at) VALUES
('models', '0001_initial', CURRENT_TIMESTAMP),
('models', '0002_search', CURRENT_TIMESTAMP),
('models', '0003_joint_meetings', CURRENT_TIMESTAMP),
('models', '0004_invitations', CURRENT_TIMESTAMP),
('models', '0005_sealed_box', CURRENT_TIMESTAMP),
('models', '0006_charters', CURRENT_TIMESTAMP),
('models', '0007_ledger_filters', CURRENT_TIMESTAMP),
('models', '0008_proposals', CURRENT_TIMESTAMP),
('models', '0009_motion_clauses', CURRENT_TIMESTAMP),
('models', '0010_open_days', CURRENT_TIMESTAMP),
('models', '0011_electorates', CURRENT_TIMESTAMP),
('models', '0012_tokens', CURRENT_TIMESTAMP),
('models', '0013_paper_ballots', CURRENT_TIMESTAMP),
('models', '0014_complaints', CURRENT_TIMESTAMP),
('models', '0015_rolls', CURRENT_TIMESTAMP),
('models', '0016_find_gatherings', CURRENT_TIMESTAMP),
('models', '0017_open_day_turns', CURRENT_TIMESTAMP),
('models', '0018_roll_uploads', CURRENT_TIMESTAMP),
('models', '0019_find_ballots', CURRENT_TIMESTAMP),
('indexes', '0019_find_ballots', CURRENT_TIMESTAMP);
