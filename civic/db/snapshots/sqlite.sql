-- What all migrations make. Written by scripts/snapshot.py.
CREATE TABLE "tortoise_migrations" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "app" VARCHAR(255) NOT NULL,
    "name" VARCHAR(255) NOT NULL,
    "applied_at" TIMESTAMP NOT NULL,
    CONSTRAINT "uid_tortoise_mi_app_3803a5" UNIQUE ("app", "name")
);
CREATE TABLE "area" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "code" VARCHAR(20) NOT NULL UNIQUE,
    "name" VARCHAR(120) NOT NULL,
    "name_en" VARCHAR(120) NOT NULL,
    "level" VARCHAR(12) NOT NULL,
    "support_threshold" INT,
    "parent_id" BIGINT REFERENCES "area" ("id") ON DELETE RESTRICT
);
CREATE TABLE "area_within" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "depth" SMALLINT NOT NULL,
    "ancestor_id" BIGINT NOT NULL REFERENCES "area" ("id") ON DELETE CASCADE,
    "descendant_id" BIGINT NOT NULL REFERENCES "area" ("id") ON DELETE CASCADE,
    CONSTRAINT "uid_area_within_ancesto_b72cf8" UNIQUE ("ancestor_id", "descendant_id")
);
CREATE INDEX "idx_area_within_descend_2e76f7" ON "area_within" ("descendant_id", "depth");
CREATE TABLE "ledger_checkpoint" (
    "size" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "root" VARCHAR(64) NOT NULL,
    "at" TIMESTAMP NOT NULL,
    "note" TEXT NOT NULL
);
CREATE TABLE "ledger_entry" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "seq" BIGINT  UNIQUE,
    "act" VARCHAR(40) NOT NULL,
    "kind" VARCHAR(20) NOT NULL,
    "subject_id" VARCHAR(40) NOT NULL,
    "payload" TEXT NOT NULL,
    "xid" BIGINT
, "party_id" BIGINT, "day" VARCHAR(10) NOT NULL DEFAULT '');
CREATE INDEX "idx_ledger_entr_kind_a3517a" ON "ledger_entry" ("kind", "subject_id", "id");
CREATE INDEX "idx_ledger_entr_act_e8a40e" ON "ledger_entry" ("act", "seq");
CREATE TABLE "ledger_tile" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "level" SMALLINT NOT NULL,
    "index" BIGINT NOT NULL,
    "width" SMALLINT NOT NULL,
    "data" BLOB NOT NULL,
    CONSTRAINT "uid_ledger_tile_level_dccec6" UNIQUE ("level", "index")
);
CREATE TABLE "mail" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "to" VARCHAR(254) NOT NULL,
    "subject" VARCHAR(200) NOT NULL,
    "body" TEXT NOT NULL,
    "queued_at" TIMESTAMP NOT NULL,
    "sent_at" TIMESTAMP,
    "failures" SMALLINT NOT NULL
, "failed" VARCHAR(40) NOT NULL DEFAULT '', "next_at" TIMESTAMP, "person_id" CHAR(36) REFERENCES "person" ("id") ON DELETE CASCADE);
CREATE TABLE "party" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "kind" VARCHAR(12) NOT NULL,
    "name" VARCHAR(120) NOT NULL,
    "name_en" VARCHAR(120) NOT NULL,
    "credit_code" VARCHAR(18)  UNIQUE,
    "about" TEXT NOT NULL,
    "state" VARCHAR(12) NOT NULL,
    "reason" VARCHAR(500) NOT NULL,
    "created_at" TIMESTAMP NOT NULL,
    "area_id" BIGINT NOT NULL REFERENCES "area" ("id") ON DELETE RESTRICT
, "approved_at" TIMESTAMP);
CREATE INDEX "idx_party_kind_972552" ON "party" ("kind", "state");
CREATE INDEX "idx_party_area_id_1048b5" ON "party" ("area_id", "kind");
CREATE TABLE "deadline" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "kind" VARCHAR(12) NOT NULL,
    "subject_id" BIGINT NOT NULL,
    "started_at" TIMESTAMP NOT NULL,
    "due_at" TIMESTAMP NOT NULL,
    "working_days" INT NOT NULL,
    "provisional" INT NOT NULL,
    "extended_at" TIMESTAMP,
    "extension_reason" VARCHAR(500) NOT NULL,
    "answered_at" TIMESTAMP,
    "warned" SMALLINT NOT NULL,
    "department_id" BIGINT NOT NULL REFERENCES "party" ("id") ON DELETE RESTRICT, "warn_at" TIMESTAMP, "ended" VARCHAR(10) NOT NULL DEFAULT '',
    CONSTRAINT "uid_deadline_kind_585d69" UNIQUE ("kind", "subject_id", "department_id")
);
CREATE INDEX "idx_deadline_due_at_ebc428" ON "deadline" ("due_at");
CREATE INDEX "idx_deadline_departm_24142d" ON "deadline" ("department_id", "answered_at", "due_at");
CREATE TABLE "person" (
    "id" CHAR(36) NOT NULL  PRIMARY KEY,
    "pseudonym" VARCHAR(16) NOT NULL UNIQUE,
    "name" VARCHAR(80) NOT NULL,
    "email" VARCHAR(254)  UNIQUE,
    "password_hash" VARCHAR(200),
    "language" VARCHAR(8) NOT NULL,
    "person_key" VARCHAR(64)  UNIQUE,
    "steward" INT NOT NULL,
    "created_at" TIMESTAMP NOT NULL,
    "deleted_at" TIMESTAMP
);
CREATE TABLE "access_token" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "hash" VARCHAR(64) NOT NULL UNIQUE,
    "label" VARCHAR(80) NOT NULL,
    "scopes" JSON NOT NULL,
    "created_at" TIMESTAMP NOT NULL,
    "expires_at" TIMESTAMP,
    "revoked_at" TIMESTAMP,
    "person_id" CHAR(36) NOT NULL REFERENCES "person" ("id") ON DELETE CASCADE
);
CREATE TABLE "file" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "sha256" VARCHAR(64) NOT NULL,
    "name" VARCHAR(200) NOT NULL,
    "media_type" VARCHAR(100) NOT NULL,
    "size" BIGINT NOT NULL,
    "at" TIMESTAMP NOT NULL,
    "owner_id" CHAR(36) NOT NULL REFERENCES "person" ("id") ON DELETE CASCADE
);
CREATE INDEX "idx_file_sha256_b4b28b" ON "file" ("sha256");
CREATE TABLE "attachment" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "kind" VARCHAR(20) NOT NULL,
    "subject_id" BIGINT NOT NULL,
    "file_id" BIGINT NOT NULL REFERENCES "file" ("id") ON DELETE CASCADE,
    CONSTRAINT "uid_attachment_kind_bf6240" UNIQUE ("kind", "subject_id", "file_id")
);
CREATE TABLE "identity" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "issuer" VARCHAR(200) NOT NULL,
    "subject" VARCHAR(255) NOT NULL,
    "person_id" CHAR(36) NOT NULL REFERENCES "person" ("id") ON DELETE CASCADE,
    CONSTRAINT "uid_identity_issuer_187ef1" UNIQUE ("issuer", "subject")
);
CREATE TABLE "membership" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "role" VARCHAR(12) NOT NULL,
    "from_day" DATE NOT NULL,
    "until_day" DATE,
    "party_id" BIGINT NOT NULL REFERENCES "party" ("id") ON DELETE CASCADE,
    "person_id" CHAR(36) NOT NULL REFERENCES "person" ("id") ON DELETE CASCADE,
    CONSTRAINT "uid_membership_party_i_b05073" UNIQUE ("party_id", "person_id", "role", "from_day")
);
CREATE INDEX "idx_membership_person__d4ba04" ON "membership" ("person_id");
CREATE TABLE "notification" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "kind" VARCHAR(40) NOT NULL,
    "subject" VARCHAR(20) NOT NULL,
    "subject_id" BIGINT NOT NULL,
    "title" VARCHAR(200) NOT NULL,
    "at" TIMESTAMP NOT NULL,
    "read_at" TIMESTAMP,
    "person_id" CHAR(36) NOT NULL REFERENCES "person" ("id") ON DELETE CASCADE
, "detail" VARCHAR(500) NOT NULL DEFAULT '', "digest" INT NOT NULL DEFAULT 0, "shown" INT NOT NULL DEFAULT 1);
CREATE INDEX "idx_notificatio_person__080de1" ON "notification" ("person_id", "read_at", "id");
CREATE TABLE "residency" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "state" VARCHAR(12) NOT NULL,
    "method" VARCHAR(12) NOT NULL,
    "reason" VARCHAR(500) NOT NULL,
    "claimed_at" TIMESTAMP NOT NULL,
    "decided_at" TIMESTAMP,
    "expires_at" TIMESTAMP,
    "current" CHAR(36)  UNIQUE,
    "area_id" BIGINT NOT NULL REFERENCES "area" ("id") ON DELETE RESTRICT,
    "decided_by_id" CHAR(36) REFERENCES "person" ("id") ON DELETE SET NULL,
    "person_id" CHAR(36) NOT NULL REFERENCES "person" ("id") ON DELETE CASCADE
);
CREATE INDEX "idx_residency_area_id_83d140" ON "residency" ("area_id", "state");
CREATE INDEX "idx_residency_person__fe6d9d" ON "residency" ("person_id", "state");
CREATE TABLE "response" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "verdict" VARCHAR(12) NOT NULL,
    "reasons" TEXT NOT NULL,
    "salt" BLOB NOT NULL,
    "cost" VARCHAR(200) NOT NULL,
    "version" INT NOT NULL,
    "published_at" TIMESTAMP NOT NULL,
    "author_id" CHAR(36) REFERENCES "person" ("id") ON DELETE RESTRICT,
    "deadline_id" BIGINT NOT NULL UNIQUE REFERENCES "deadline" ("id") ON DELETE RESTRICT
, "transferred_to_id" BIGINT REFERENCES "party" ("id") ON DELETE RESTRICT);
CREATE INDEX "idx_response_publish_640a7b" ON "response" ("published_at");
CREATE TABLE "rating" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "stars" SMALLINT NOT NULL,
    "at" TIMESTAMP NOT NULL,
    "person_id" CHAR(36) NOT NULL REFERENCES "person" ("id") ON DELETE CASCADE,
    "response_id" BIGINT NOT NULL REFERENCES "response" ("id") ON DELETE CASCADE,
    CONSTRAINT "uid_rating_respons_d4ce34" UNIQUE ("response_id", "person_id")
);
CREATE TABLE "response_version" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "number" INT NOT NULL,
    "verdict" VARCHAR(12) NOT NULL,
    "reasons" TEXT NOT NULL,
    "reason" VARCHAR(500) NOT NULL,
    "at" TIMESTAMP NOT NULL,
    "response_id" BIGINT NOT NULL REFERENCES "response" ("id") ON DELETE CASCADE, "cost" VARCHAR(200) NOT NULL DEFAULT '',
    CONSTRAINT "uid_response_ve_respons_271dd9" UNIQUE ("response_id", "number")
);
CREATE TABLE "scenario" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "title" VARCHAR(120) NOT NULL,
    "title_en" VARCHAR(120) NOT NULL,
    "summary" TEXT NOT NULL,
    "state" VARCHAR(14) NOT NULL,
    "created_at" TIMESTAMP NOT NULL,
    "area_id" BIGINT NOT NULL REFERENCES "area" ("id") ON DELETE RESTRICT,
    "lead_id" BIGINT NOT NULL REFERENCES "party" ("id") ON DELETE RESTRICT
);
CREATE TABLE "module" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "title" VARCHAR(120) NOT NULL,
    "title_en" VARCHAR(120) NOT NULL,
    "scenario_id" BIGINT NOT NULL REFERENCES "scenario" ("id") ON DELETE CASCADE
);
CREATE TABLE "proposal" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "title" VARCHAR(200) NOT NULL,
    "body" TEXT NOT NULL,
    "salt" BLOB NOT NULL,
    "state" VARCHAR(12) NOT NULL,
    "decision" VARCHAR(12) NOT NULL,
    "hidden_reason" VARCHAR(500) NOT NULL,
    "version" INT NOT NULL,
    "author_label" VARCHAR(80) NOT NULL,
    "supports" INT NOT NULL,
    "imported_supports" INT NOT NULL,
    "comments" INT NOT NULL,
    "threshold" INT NOT NULL,
    "language" VARCHAR(8) NOT NULL,
    "source" VARCHAR(40),
    "source_id" VARCHAR(80),
    "created_at" TIMESTAMP NOT NULL,
    "published_at" TIMESTAMP,
    "qualified_at" TIMESTAMP,
    "area_id" BIGINT NOT NULL REFERENCES "area" ("id") ON DELETE RESTRICT,
    "author_id" CHAR(36) REFERENCES "person" ("id") ON DELETE RESTRICT,
    "merged_into_id" BIGINT REFERENCES "proposal" ("id") ON DELETE SET NULL,
    "party_id" BIGINT REFERENCES "party" ("id") ON DELETE RESTRICT,
    "scenario_id" BIGINT REFERENCES "scenario" ("id") ON DELETE SET NULL, "answered_at" TIMESTAMP, "due_at" TIMESTAMP, "supports_total" INT NOT NULL DEFAULT 0, "sponsor_id" BIGINT REFERENCES "party" ("id") ON DELETE RESTRICT,
    CONSTRAINT "uid_proposal_source_658025" UNIQUE ("source", "source_id")
);
CREATE INDEX "idx_proposal_state_b594d5" ON "proposal" ("state", "published_at");
CREATE INDEX "idx_proposal_area_id_30b370" ON "proposal" ("area_id", "state", "published_at");
CREATE INDEX "idx_proposal_state_df95b0" ON "proposal" ("state", "supports");
CREATE INDEX "idx_proposal_author__c84065" ON "proposal" ("author_id");
CREATE INDEX "idx_proposal_scenari_3bd87c" ON "proposal" ("scenario_id");
CREATE TABLE "ballot" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "title" VARCHAR(200) NOT NULL,
    "question" TEXT NOT NULL,
    "method" VARCHAR(12) NOT NULL,
    "passing" VARCHAR(12) NOT NULL,
    "quorum_numerator" INT NOT NULL,
    "quorum_denominator" INT NOT NULL,
    "max_choices" INT,
    "secret" INT NOT NULL,
    "state" VARCHAR(12) NOT NULL,
    "opens_at" TIMESTAMP NOT NULL,
    "closes_at" TIMESTAMP NOT NULL,
    "eligible" INT NOT NULL,
    "cast" INT NOT NULL,
    "frozen" VARCHAR(64) NOT NULL,
    "result" JSON,
    "void_reason" VARCHAR(500) NOT NULL,
    "created_at" TIMESTAMP NOT NULL,
    "area_id" BIGINT NOT NULL REFERENCES "area" ("id") ON DELETE RESTRICT,
    "author_id" CHAR(36) NOT NULL REFERENCES "person" ("id") ON DELETE RESTRICT,
    "host_id" BIGINT NOT NULL REFERENCES "party" ("id") ON DELETE RESTRICT,
    "proposal_id" BIGINT REFERENCES "proposal" ("id") ON DELETE SET NULL
, "details" JSON NOT NULL DEFAULT '{}', "electorate" VARCHAR(12) NOT NULL DEFAULT 'residents', "blocs" JSON NOT NULL DEFAULT '[]', "weighted" INT NOT NULL DEFAULT 0, "shuffled" INT NOT NULL DEFAULT 0, "rerun_of_id" BIGINT REFERENCES "ballot" ("id") ON DELETE RESTRICT, "eligible_weight" BIGINT NOT NULL DEFAULT 0, "anonymous" INT NOT NULL DEFAULT 0, "token_key" TEXT NOT NULL DEFAULT '', "complaints_until" TIMESTAMP, "final_at" TIMESTAMP);
CREATE INDEX "idx_ballot_opens_a_25b4a1" ON "ballot" ("opens_at");
CREATE INDEX "idx_ballot_closes__57e9a5" ON "ballot" ("closes_at");
CREATE INDEX "idx_ballot_state_847b52" ON "ballot" ("state", "closes_at");
CREATE INDEX "idx_ballot_area_id_6f4a31" ON "ballot" ("area_id", "state");
CREATE TABLE "certification" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "bloc" VARCHAR(12) NOT NULL,
    "at" TIMESTAMP NOT NULL,
    "ballot_id" BIGINT NOT NULL REFERENCES "ballot" ("id") ON DELETE CASCADE,
    "party_id" BIGINT NOT NULL REFERENCES "party" ("id") ON DELETE RESTRICT,
    "person_id" CHAR(36) NOT NULL REFERENCES "person" ("id") ON DELETE RESTRICT,
    CONSTRAINT "uid_certificati_ballot__179bca" UNIQUE ("ballot_id", "bloc"),
    CONSTRAINT "uid_certificati_ballot__b3268a" UNIQUE ("ballot_id", "person_id")
);
CREATE TABLE "comment" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "stance" VARCHAR(8) NOT NULL,
    "body" TEXT NOT NULL,
    "salt" BLOB NOT NULL,
    "hidden_reason" VARCHAR(500) NOT NULL,
    "at" TIMESTAMP NOT NULL,
    "author_id" CHAR(36) NOT NULL REFERENCES "person" ("id") ON DELETE RESTRICT,
    "parent_id" BIGINT REFERENCES "comment" ("id") ON DELETE CASCADE,
    "party_id" BIGINT REFERENCES "party" ("id") ON DELETE RESTRICT,
    "proposal_id" BIGINT NOT NULL REFERENCES "proposal" ("id") ON DELETE CASCADE
, "answers" INT NOT NULL DEFAULT 0);
CREATE INDEX "idx_comment_proposa_9f7fb8" ON "comment" ("proposal_id", "parent_id", "id");
CREATE TABLE "open_vote" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "tracker" VARCHAR(32) NOT NULL,
    "version" INT NOT NULL,
    "choice" VARCHAR(400) NOT NULL,
    "ballot_id" BIGINT NOT NULL REFERENCES "ballot" ("id") ON DELETE CASCADE,
    "person_id" CHAR(36) NOT NULL REFERENCES "person" ("id") ON DELETE CASCADE,
    CONSTRAINT "uid_open_vote_ballot__9823d5" UNIQUE ("ballot_id", "person_id")
);
CREATE TABLE "option" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "key" VARCHAR(12) NOT NULL,
    "position" SMALLINT NOT NULL,
    "label" VARCHAR(200) NOT NULL,
    "about" TEXT NOT NULL,
    "ballot_id" BIGINT NOT NULL REFERENCES "ballot" ("id") ON DELETE CASCADE,
    CONSTRAINT "uid_option_ballot__892944" UNIQUE ("ballot_id", "key")
);
CREATE TABLE "proposal_version" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "number" INT NOT NULL,
    "title" VARCHAR(200) NOT NULL,
    "body" TEXT NOT NULL,
    "reason" VARCHAR(500) NOT NULL,
    "at" TIMESTAMP NOT NULL,
    "author_id" CHAR(36) REFERENCES "person" ("id") ON DELETE RESTRICT,
    "proposal_id" BIGINT NOT NULL REFERENCES "proposal" ("id") ON DELETE CASCADE,
    CONSTRAINT "uid_proposal_ve_proposa_0e5e08" UNIQUE ("proposal_id", "number")
);
CREATE TABLE "roll_entry" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "ballot_id" BIGINT NOT NULL REFERENCES "ballot" ("id") ON DELETE CASCADE,
    "person_id" CHAR(36) NOT NULL REFERENCES "person" ("id") ON DELETE CASCADE,
    CONSTRAINT "uid_roll_entry_ballot__82e424" UNIQUE ("ballot_id", "person_id")
);
CREATE TABLE "scrutineer" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "ballot_id" BIGINT NOT NULL REFERENCES "ballot" ("id") ON DELETE CASCADE,
    "party_id" BIGINT NOT NULL REFERENCES "party" ("id") ON DELETE RESTRICT,
    "person_id" CHAR(36) NOT NULL REFERENCES "person" ("id") ON DELETE RESTRICT,
    CONSTRAINT "uid_scrutineer_ballot__660198" UNIQUE ("ballot_id", "person_id")
);
CREATE TABLE "search_document" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "kind" VARCHAR(12) NOT NULL,
    "subject_id" BIGINT NOT NULL,
    "terms" TEXT NOT NULL,
    CONSTRAINT "uid_search_docu_kind_6e4dfd" UNIQUE ("kind", "subject_id")
);
CREATE TABLE "session" (
    "hash" VARCHAR(64) NOT NULL  PRIMARY KEY,
    "started_at" TIMESTAMP NOT NULL,
    "seen_at" TIMESTAMP NOT NULL,
    "ends_at" TIMESTAMP NOT NULL,
    "person_id" CHAR(36) NOT NULL REFERENCES "person" ("id") ON DELETE CASCADE
);
CREATE TABLE "support" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "at" TIMESTAMP NOT NULL,
    "person_id" CHAR(36) NOT NULL REFERENCES "person" ("id") ON DELETE CASCADE,
    "proposal_id" BIGINT NOT NULL REFERENCES "proposal" ("id") ON DELETE CASCADE,
    CONSTRAINT "uid_support_proposa_d9f3eb" UNIQUE ("proposal_id", "person_id")
);
CREATE INDEX "idx_support_person__fe2879" ON "support" ("person_id");
CREATE VIRTUAL TABLE search_index USING fts5(
    terms, content='search_document', content_rowid='id', tokenize="porter unicode61 remove_diacritics 2");
CREATE TRIGGER search_added AFTER INSERT ON search_document BEGIN
    INSERT INTO search_index(rowid, terms) VALUES (new.id, new.terms); END;
CREATE TRIGGER search_removed AFTER DELETE ON search_document BEGIN
    INSERT INTO search_index(search_index, rowid, terms) VALUES ('delete', old.id, old.terms); END;
CREATE TRIGGER search_changed AFTER UPDATE ON search_document BEGIN
    INSERT INTO search_index(search_index, rowid, terms) VALUES ('delete', old.id, old.terms);
    INSERT INTO search_index(rowid, terms) VALUES (new.id, new.terms); END;
CREATE TABLE "joint_meeting" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "title" VARCHAR(200) NOT NULL,
    "about" TEXT NOT NULL,
    "language" VARCHAR(8) NOT NULL,
    "salt" BLOB NOT NULL,
    "state" VARCHAR(16) NOT NULL,
    "place" VARCHAR(200) NOT NULL,
    "link" VARCHAR(500) NOT NULL,
    "starts_at" TIMESTAMP NOT NULL,
    "items_until" TIMESTAMP NOT NULL,
    "review_days" INT NOT NULL,
    "rule" VARCHAR(12) NOT NULL,
    "live_choices" INT NOT NULL,
    "current_item" BIGINT,
    "open_vote" BIGINT,
    "quorum_at_opening" JSON,
    "created_at" TIMESTAMP NOT NULL,
    "convened_at" TIMESTAMP,
    "opened_at" TIMESTAMP,
    "adjourned_at" TIMESTAMP,
    "review_until" TIMESTAMP,
    "closed_at" TIMESTAMP,
    "cancel_reason" VARCHAR(500) NOT NULL,
    "area_id" BIGINT NOT NULL REFERENCES "area" ("id") ON DELETE RESTRICT,
    "author_id" CHAR(36) NOT NULL REFERENCES "person" ("id") ON DELETE RESTRICT,
    "chair_id" CHAR(36) REFERENCES "person" ("id") ON DELETE RESTRICT,
    "convener_id" BIGINT NOT NULL REFERENCES "party" ("id") ON DELETE RESTRICT,
    "scenario_id" BIGINT REFERENCES "scenario" ("id") ON DELETE SET NULL,
    "secretary_id" CHAR(36) REFERENCES "person" ("id") ON DELETE RESTRICT
);
CREATE INDEX "idx_joint_meeti_starts__e7c92b" ON "joint_meeting" ("starts_at");
CREATE INDEX "idx_joint_meeti_state_4527ee" ON "joint_meeting" ("state", "starts_at");
CREATE INDEX "idx_joint_meeti_area_id_eef25b" ON "joint_meeting" ("area_id", "state");
CREATE TABLE "agenda_item" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "position" INT NOT NULL,
    "title" VARCHAR(200) NOT NULL,
    "body" TEXT NOT NULL,
    "salt" BLOB NOT NULL,
    "state" VARCHAR(12) NOT NULL,
    "reason" VARCHAR(500) NOT NULL,
    "done_at" TIMESTAMP,
    "meeting_id" BIGINT NOT NULL REFERENCES "joint_meeting" ("id") ON DELETE CASCADE,
    "requested_by_id" BIGINT REFERENCES "party" ("id") ON DELETE RESTRICT
);
CREATE INDEX "idx_agenda_item_meeting_d44e7e" ON "agenda_item" ("meeting_id", "position");
CREATE TABLE "meeting_bloc" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "bloc" VARCHAR(12) NOT NULL,
    "numerator" INT NOT NULL,
    "denominator" INT NOT NULL,
    "meeting_id" BIGINT NOT NULL REFERENCES "joint_meeting" ("id") ON DELETE CASCADE,
    CONSTRAINT "uid_meeting_blo_meeting_c520ef" UNIQUE ("meeting_id", "bloc")
);
CREATE TABLE "meeting_proposal" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "meeting_id" BIGINT NOT NULL REFERENCES "joint_meeting" ("id") ON DELETE CASCADE,
    "proposal_id" BIGINT NOT NULL REFERENCES "proposal" ("id") ON DELETE CASCADE,
    CONSTRAINT "uid_meeting_pro_meeting_8c9ba8" UNIQUE ("meeting_id", "proposal_id")
);
CREATE TABLE "minutes" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "number" INT NOT NULL,
    "sections" JSON NOT NULL,
    "salt" BLOB NOT NULL,
    "reason" VARCHAR(500) NOT NULL,
    "at" TIMESTAMP NOT NULL,
    "submitted_at" TIMESTAMP,
    "until" TIMESTAMP,
    "author_id" CHAR(36) NOT NULL REFERENCES "person" ("id") ON DELETE RESTRICT,
    "meeting_id" BIGINT NOT NULL REFERENCES "joint_meeting" ("id") ON DELETE CASCADE,
    CONSTRAINT "uid_minutes_meeting_0aabd4" UNIQUE ("meeting_id", "number")
);
CREATE TABLE "seat" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "number" INT NOT NULL,
    "bloc" VARCHAR(12) NOT NULL,
    "filled_by" VARCHAR(12) NOT NULL,
    "state" VARCHAR(12) NOT NULL,
    "present" INT NOT NULL,
    "option_key" VARCHAR(12),
    "ballot_id" BIGINT REFERENCES "ballot" ("id") ON DELETE RESTRICT,
    "meeting_id" BIGINT NOT NULL REFERENCES "joint_meeting" ("id") ON DELETE CASCADE,
    "party_id" BIGINT REFERENCES "party" ("id") ON DELETE RESTRICT,
    "person_id" CHAR(36) REFERENCES "person" ("id") ON DELETE RESTRICT,
    "replaced_id" CHAR(36) REFERENCES "person" ("id") ON DELETE RESTRICT,
    CONSTRAINT "uid_seat_meeting_6fa245" UNIQUE ("meeting_id", "number"),
    CONSTRAINT "uid_seat_meeting_4403ae" UNIQUE ("meeting_id", "person_id"),
    CONSTRAINT "uid_seat_meeting_62dd96" UNIQUE ("meeting_id", "ballot_id", "option_key")
);
CREATE INDEX "idx_seat_person__a02f2b" ON "seat" ("person_id");
CREATE INDEX "idx_seat_party_i_b20646" ON "seat" ("party_id");
CREATE TABLE "attendance" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "came_at" TIMESTAMP NOT NULL,
    "left_at" TIMESTAMP,
    "person_id" CHAR(36) NOT NULL REFERENCES "person" ("id") ON DELETE RESTRICT,
    "seat_id" BIGINT NOT NULL REFERENCES "seat" ("id") ON DELETE CASCADE
);
CREATE INDEX "idx_attendance_seat_id_b4720c" ON "attendance" ("seat_id", "came_at");
CREATE TABLE "minutes_reply" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "answer" VARCHAR(8) NOT NULL,
    "text" TEXT NOT NULL,
    "salt" BLOB NOT NULL,
    "at" TIMESTAMP NOT NULL,
    "minutes_id" BIGINT NOT NULL REFERENCES "minutes" ("id") ON DELETE CASCADE,
    "person_id" CHAR(36) NOT NULL REFERENCES "person" ("id") ON DELETE RESTRICT,
    "seat_id" BIGINT NOT NULL REFERENCES "seat" ("id") ON DELETE RESTRICT,
    CONSTRAINT "uid_minutes_rep_minutes_5d38c0" UNIQUE ("minutes_id", "seat_id")
);
CREATE TABLE "motion" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "number" INT NOT NULL,
    "text" TEXT NOT NULL,
    "original" TEXT NOT NULL,
    "strike" TEXT NOT NULL,
    "insert" TEXT NOT NULL,
    "version" INT NOT NULL,
    "salt" BLOB NOT NULL,
    "rule" VARCHAR(12) NOT NULL,
    "state" VARCHAR(12) NOT NULL,
    "moved_at" TIMESTAMP NOT NULL,
    "item_id" BIGINT NOT NULL REFERENCES "agenda_item" ("id") ON DELETE RESTRICT,
    "meeting_id" BIGINT NOT NULL REFERENCES "joint_meeting" ("id") ON DELETE CASCADE,
    "mover_id" BIGINT NOT NULL REFERENCES "seat" ("id") ON DELETE RESTRICT,
    "mover_person_id" CHAR(36) NOT NULL REFERENCES "person" ("id") ON DELETE RESTRICT,
    "parent_id" BIGINT REFERENCES "motion" ("id") ON DELETE CASCADE,
    "seconder_id" BIGINT REFERENCES "seat" ("id") ON DELETE RESTRICT,
    "seconder_person_id" CHAR(36) REFERENCES "person" ("id") ON DELETE RESTRICT,
    CONSTRAINT "uid_motion_meeting_59ab0e" UNIQUE ("meeting_id", "number")
);
CREATE INDEX "idx_motion_parent__ea2647" ON "motion" ("parent_id", "state");
CREATE TABLE "motion_vote" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "number" INT NOT NULL,
    "text" TEXT NOT NULL,
    "rule" VARCHAR(12) NOT NULL,
    "state" VARCHAR(8) NOT NULL,
    "quorum_opened" JSON NOT NULL,
    "quorum_closed" JSON,
    "result" JSON,
    "opened_at" TIMESTAMP NOT NULL,
    "closed_at" TIMESTAMP,
    "motion_id" BIGINT NOT NULL REFERENCES "motion" ("id") ON DELETE CASCADE,
    CONSTRAINT "uid_motion_vote_motion__aa86ed" UNIQUE ("motion_id", "number")
);
CREATE TABLE "recusal" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "interest" VARCHAR(500) NOT NULL,
    "salt" BLOB NOT NULL,
    "at" TIMESTAMP NOT NULL,
    "motion_id" BIGINT NOT NULL REFERENCES "motion" ("id") ON DELETE CASCADE,
    "seat_id" BIGINT NOT NULL REFERENCES "seat" ("id") ON DELETE CASCADE,
    CONSTRAINT "uid_recusal_motion__63229a" UNIQUE ("motion_id", "seat_id")
);
CREATE TABLE "resolution" (
    "number" INT NOT NULL,
    "text" TEXT NOT NULL,
    "adopted_at" TIMESTAMP NOT NULL,
    "meeting_id" BIGINT NOT NULL REFERENCES "joint_meeting" ("id") ON DELETE CASCADE,
    "motion_id" BIGINT NOT NULL  PRIMARY KEY REFERENCES "motion" ("id") ON DELETE CASCADE,
    CONSTRAINT "uid_resolution_meeting_8982d6" UNIQUE ("meeting_id", "number")
);
CREATE TABLE "roll_call" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "choice" VARCHAR(8) NOT NULL,
    "version" INT NOT NULL,
    "reasons" TEXT NOT NULL,
    "salt" BLOB,
    "person_id" CHAR(36) NOT NULL REFERENCES "person" ("id") ON DELETE RESTRICT,
    "seat_id" BIGINT NOT NULL REFERENCES "seat" ("id") ON DELETE RESTRICT,
    "vote_id" BIGINT NOT NULL REFERENCES "motion_vote" ("id") ON DELETE CASCADE,
    CONSTRAINT "uid_roll_call_vote_id_77824c" UNIQUE ("vote_id", "seat_id")
);
CREATE TABLE "sortition" (
    "state" VARCHAR(8) NOT NULL,
    "closes_at" TIMESTAMP NOT NULL,
    "list_hash" VARCHAR(64) NOT NULL,
    "size" BIGINT,
    "seed" VARCHAR(64) NOT NULL,
    "area_id" BIGINT NOT NULL REFERENCES "area" ("id") ON DELETE RESTRICT,
    "meeting_id" BIGINT NOT NULL  PRIMARY KEY REFERENCES "joint_meeting" ("id") ON DELETE CASCADE
);
CREATE INDEX "idx_sortition_closes__6facd1" ON "sortition" ("closes_at");
CREATE TABLE "speaker" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "state" VARCHAR(10) NOT NULL,
    "live" BIGINT  UNIQUE,
    "asked_at" TIMESTAMP NOT NULL,
    "began_at" TIMESTAMP,
    "ended_at" TIMESTAMP,
    "item_id" BIGINT REFERENCES "agenda_item" ("id") ON DELETE CASCADE,
    "meeting_id" BIGINT NOT NULL REFERENCES "joint_meeting" ("id") ON DELETE CASCADE,
    "person_id" CHAR(36) NOT NULL REFERENCES "person" ("id") ON DELETE RESTRICT,
    "seat_id" BIGINT NOT NULL REFERENCES "seat" ("id") ON DELETE CASCADE
);
CREATE INDEX "idx_speaker_meeting_e8c4e5" ON "speaker" ("meeting_id", "state", "id");
CREATE TABLE "volunteer" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "rank" INT,
    "declined" INT NOT NULL,
    "meeting_id" BIGINT NOT NULL REFERENCES "joint_meeting" ("id") ON DELETE CASCADE,
    "person_id" CHAR(36) NOT NULL REFERENCES "person" ("id") ON DELETE RESTRICT,
    CONSTRAINT "uid_volunteer_meeting_367c0b" UNIQUE ("meeting_id", "person_id")
);
CREATE INDEX "idx_volunteer_meeting_3d6b53" ON "volunteer" ("meeting_id", "rank");
CREATE TABLE "invitation" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "role" VARCHAR(12) NOT NULL,
    "from_day" DATE NOT NULL,
    "until_day" DATE,
    "invited_at" TIMESTAMP NOT NULL,
    "expires_at" TIMESTAMP NOT NULL,
    "party_id" BIGINT NOT NULL REFERENCES "party" ("id") ON DELETE CASCADE,
    "person_id" CHAR(36) NOT NULL REFERENCES "person" ("id") ON DELETE CASCADE,
    CONSTRAINT "uid_invitation_party_i_340dd1" UNIQUE ("party_id", "person_id", "role")
);
CREATE INDEX "idx_invitation_person__350faa" ON "invitation" ("person_id");
CREATE TABLE "one_time_code" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "hash" VARCHAR(64) NOT NULL UNIQUE,
    "person_key" VARCHAR(64) NOT NULL,
    "made_at" TIMESTAMP NOT NULL,
    "expires_at" TIMESTAMP NOT NULL,
    "used_at" TIMESTAMP,
    "area_id" BIGINT NOT NULL REFERENCES "area" ("id") ON DELETE CASCADE,
    "party_id" BIGINT NOT NULL REFERENCES "party" ("id") ON DELETE CASCADE
);
CREATE INDEX "idx_one_time_co_person__66aa55" ON "one_time_code" ("person_key");
CREATE TABLE box_entry (
    tag CHAR(32) NOT NULL PRIMARY KEY, ballot_id BIGINT NOT NULL, sealed BLOB NOT NULL) WITHOUT ROWID;
CREATE INDEX idx_box_entry_ballot ON box_entry (ballot_id);
CREATE TABLE paper (
    ballot_id BIGINT NOT NULL REFERENCES ballot (id) ON DELETE RESTRICT, tracker VARCHAR(32) NOT NULL,
    version INT NOT NULL, choice VARCHAR(400) NOT NULL, "weight" BIGINT, "token" TEXT, "channel" VARCHAR(6) NOT NULL DEFAULT '', PRIMARY KEY (ballot_id, tracker)) WITHOUT ROWID;
CREATE TABLE closed_box (
    ballot_id BIGINT NOT NULL PRIMARY KEY REFERENCES ballot (id) ON DELETE CASCADE,
    head TEXT NOT NULL, papers INT NOT NULL, sha256 VARCHAR(64) NOT NULL);
CREATE INDEX idx_ledger_commitment ON ledger_entry (
    substr(payload, instr(payload, '"commitment":"') + 14, 16)) WHERE act = 'ballot.cast';
CREATE TABLE "charter" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "title" VARCHAR(120) NOT NULL,
    "purpose" TEXT NOT NULL,
    "subject_kind" VARCHAR(12) NOT NULL,
    "subject_id" BIGINT,
    "state" VARCHAR(12) NOT NULL,
    "version" INT NOT NULL,
    "text_hash" VARCHAR(64) NOT NULL,
    "clauses_made" INT NOT NULL,
    "language" VARCHAR(8) NOT NULL,
    "created_at" TIMESTAMP NOT NULL,
    "opened_at" TIMESTAMP,
    "signing_at" TIMESTAMP,
    "in_force_at" TIMESTAMP,
    "over_at" TIMESTAMP,
    "over_reason" VARCHAR(500) NOT NULL,
    "area_id" BIGINT NOT NULL REFERENCES "area" ("id") ON DELETE RESTRICT,
    "convener_id" BIGINT NOT NULL REFERENCES "party" ("id") ON DELETE RESTRICT,
    "supersedes_id" BIGINT REFERENCES "charter" ("id") ON DELETE RESTRICT
);
CREATE INDEX "idx_charter_state_c245f3" ON "charter" ("state", "id");
CREATE INDEX "idx_charter_subject_2ec696" ON "charter" ("subject_kind", "subject_id");
CREATE INDEX "idx_charter_area_id_1677b3" ON "charter" ("area_id", "state");
CREATE INDEX "idx_charter_convene_86ca5b" ON "charter" ("convener_id", "state");
CREATE TABLE "charter_version" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "number" INT NOT NULL,
    "text" TEXT NOT NULL,
    "hash" VARCHAR(64) NOT NULL,
    "reason" VARCHAR(500) NOT NULL,
    "at" TIMESTAMP NOT NULL,
    "by_id" BIGINT REFERENCES "party" ("id") ON DELETE RESTRICT,
    "charter_id" BIGINT NOT NULL REFERENCES "charter" ("id") ON DELETE CASCADE,
    CONSTRAINT "uid_charter_ver_charter_c523c3" UNIQUE ("charter_id", "number")
);
CREATE TABLE "clause" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "number" INT NOT NULL,
    "kind" VARCHAR(8) NOT NULL,
    "holder_bloc" VARCHAR(12) NOT NULL,
    "counterpart_bloc" VARCHAR(12) NOT NULL,
    "text" TEXT NOT NULL,
    "basis" VARCHAR(300) NOT NULL,
    "due_kind" VARCHAR(10) NOT NULL,
    "due_on" DATE,
    "rule" VARCHAR(200) NOT NULL,
    "roll" INT NOT NULL,
    "trigger" VARCHAR(300) NOT NULL,
    "days" INT NOT NULL,
    "evidence" VARCHAR(500) NOT NULL,
    "revision" INT NOT NULL,
    "charter_id" BIGINT NOT NULL REFERENCES "charter" ("id") ON DELETE CASCADE,
    "counterpart_id" BIGINT REFERENCES "party" ("id") ON DELETE RESTRICT,
    "counterpart_area_id" BIGINT REFERENCES "area" ("id") ON DELETE RESTRICT,
    "declarer_id" BIGINT REFERENCES "party" ("id") ON DELETE RESTRICT,
    "holder_id" BIGINT REFERENCES "party" ("id") ON DELETE RESTRICT,
    "holder_area_id" BIGINT REFERENCES "area" ("id") ON DELETE RESTRICT,
    CONSTRAINT "uid_clause_charter_626f93" UNIQUE ("charter_id", "number")
);
CREATE INDEX "idx_clause_holder__bb58d1" ON "clause" ("holder_id", "kind");
CREATE INDEX "idx_clause_counter_1b2bd2" ON "clause" ("counterpart_id", "kind");
CREATE TABLE "clause_answer" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "duty_id" BIGINT NOT NULL REFERENCES "clause" ("id") ON DELETE CASCADE,
    "right_id" BIGINT NOT NULL REFERENCES "clause" ("id") ON DELETE CASCADE,
    CONSTRAINT "uid_clause_answ_right_i_4fcd64" UNIQUE ("right_id", "duty_id")
);
CREATE TABLE "clause_change" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "number" INT,
    "revision" INT NOT NULL,
    "op" VARCHAR(8) NOT NULL,
    "content" JSON,
    "reason" TEXT NOT NULL,
    "salt" BLOB NOT NULL,
    "state" VARCHAR(10) NOT NULL,
    "at" TIMESTAMP NOT NULL,
    "decided_at" TIMESTAMP,
    "answer" VARCHAR(500) NOT NULL,
    "by_id" BIGINT NOT NULL REFERENCES "party" ("id") ON DELETE RESTRICT,
    "charter_id" BIGINT NOT NULL REFERENCES "charter" ("id") ON DELETE CASCADE,
    "decided_by_id" BIGINT REFERENCES "party" ("id") ON DELETE RESTRICT,
    "person_id" CHAR(36) REFERENCES "person" ("id") ON DELETE SET NULL
);
CREATE INDEX "idx_clause_chan_charter_5bfb1c" ON "clause_change" ("charter_id", "state");
CREATE TABLE "obligation_step" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "kind" VARCHAR(10) NOT NULL,
    "text" TEXT NOT NULL,
    "salt" BLOB NOT NULL,
    "at" TIMESTAMP NOT NULL,
    "obligation_id" BIGINT NOT NULL REFERENCES "obligation" ("id") ON DELETE CASCADE,
    "party_id" BIGINT REFERENCES "party" ("id") ON DELETE RESTRICT,
    "person_id" CHAR(36) REFERENCES "person" ("id") ON DELETE SET NULL
);
CREATE INDEX "idx_obligation__obligat_cbf7c8" ON "obligation_step" ("obligation_id", "id");
CREATE TABLE "evidence" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "kind" VARCHAR(4) NOT NULL,
    "url" VARCHAR(500) NOT NULL,
    "file_id" BIGINT REFERENCES "file" ("id") ON DELETE RESTRICT,
    "step_id" BIGINT NOT NULL REFERENCES "obligation_step" ("id") ON DELETE CASCADE
);
CREATE INDEX "idx_evidence_step_id_010ec5" ON "evidence" ("step_id");
CREATE TABLE "signature" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "reservation" TEXT NOT NULL,
    "salt" BLOB NOT NULL,
    "at" TIMESTAMP NOT NULL,
    "party_id" BIGINT NOT NULL REFERENCES "party" ("id") ON DELETE RESTRICT,
    "person_id" CHAR(36) REFERENCES "person" ("id") ON DELETE SET NULL,
    "version_id" BIGINT NOT NULL REFERENCES "charter_version" ("id") ON DELETE CASCADE,
    CONSTRAINT "uid_signature_version_a5ebad" UNIQUE ("version_id", "party_id")
);
CREATE INDEX "idx_signature_party_i_369ef5" ON "signature" ("party_id");
CREATE TABLE "obligation" ("id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, "party_id" BIGINT NOT NULL REFERENCES "party" ("id") ON DELETE RESTRICT, "response_id" BIGINT REFERENCES "response" ("id") ON DELETE CASCADE, "text" TEXT NOT NULL, "due_on" DATE NOT NULL, "state" VARCHAR(12) NOT NULL, "reported_at" TIMESTAMP, "confirmed_at" TIMESTAMP, "declared" VARCHAR(500) NOT NULL DEFAULT '', "again_on" DATE, "by_silence" INT NOT NULL DEFAULT 0, "charter_id" BIGINT REFERENCES "charter" ("id") ON DELETE RESTRICT, "clause_id" BIGINT REFERENCES "clause" ("id") ON DELETE SET NULL, "confirm_by" TIMESTAMP, "counterpart_id" BIGINT REFERENCES "party" ("id") ON DELETE RESTRICT, "counterpart_area_id" BIGINT REFERENCES "area" ("id") ON DELETE RESTRICT, "counterpart_bloc" VARCHAR(12) NOT NULL DEFAULT '', "created_at" TIMESTAMP, "occurrence" INT NOT NULL DEFAULT 0, "overdue_at" TIMESTAMP, "salt" BLOB, "settled_at" TIMESTAMP, "source_id" BIGINT, "source_kind" VARCHAR(12) NOT NULL DEFAULT 'response', "wanted" VARCHAR(500) NOT NULL DEFAULT '');
CREATE INDEX "idx_obligation_counter_1f0d2c" ON "obligation" ("counterpart_id", "state", "due_on");
CREATE INDEX "idx_obligation_state_ce83f8" ON "obligation" ("state", "due_on", "id");
CREATE INDEX "idx_obligation_state_8eeae0" ON "obligation" ("state", "confirm_by");
CREATE INDEX "idx_obligation_again_o_836ac1" ON "obligation" ("again_on");
CREATE INDEX "idx_obligation_source__7caaa8" ON "obligation" ("source_kind", "source_id");
CREATE INDEX ledger_entry_day ON ledger_entry (day, seq);
CREATE INDEX ledger_entry_party ON ledger_entry (party_id, seq) WHERE party_id IS NOT NULL;
CREATE TABLE "amendment" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "base" INT NOT NULL,
    "title" VARCHAR(200) NOT NULL,
    "body" TEXT NOT NULL,
    "reason" VARCHAR(500) NOT NULL,
    "salt" BLOB NOT NULL,
    "state" VARCHAR(10) NOT NULL,
    "answer" VARCHAR(500) NOT NULL,
    "at" TIMESTAMP NOT NULL,
    "decided_at" TIMESTAMP,
    "author_id" CHAR(36) NOT NULL REFERENCES "person" ("id") ON DELETE RESTRICT,
    "party_id" BIGINT REFERENCES "party" ("id") ON DELETE RESTRICT,
    "proposal_id" BIGINT NOT NULL REFERENCES "proposal" ("id") ON DELETE CASCADE
);
CREATE INDEX "idx_amendment_proposa_d06675" ON "amendment" ("proposal_id", "state");
CREATE INDEX "idx_amendment_author__d4b680" ON "amendment" ("author_id");
CREATE TABLE "escalation" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "reason" TEXT NOT NULL,
    "salt" BLOB NOT NULL,
    "at" TIMESTAMP NOT NULL,
    "person_id" CHAR(36) NOT NULL REFERENCES "person" ("id") ON DELETE RESTRICT,
    "response_id" BIGINT NOT NULL UNIQUE REFERENCES "response" ("id") ON DELETE CASCADE
);
CREATE TABLE "merge_request" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "reason" VARCHAR(500) NOT NULL,
    "state" VARCHAR(8) NOT NULL,
    "at" TIMESTAMP NOT NULL,
    "current" BIGINT  UNIQUE,
    "into_id" BIGINT NOT NULL REFERENCES "proposal" ("id") ON DELETE CASCADE,
    "proposal_id" BIGINT NOT NULL REFERENCES "proposal" ("id") ON DELETE CASCADE
);
CREATE INDEX "idx_merge_reque_into_id_e5bf23" ON "merge_request" ("into_id", "state");
CREATE TABLE "notification_choice" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "topic" VARCHAR(20) NOT NULL,
    "channel" VARCHAR(10) NOT NULL,
    "often" VARCHAR(10) NOT NULL,
    "person_id" CHAR(36) NOT NULL REFERENCES "person" ("id") ON DELETE CASCADE,
    CONSTRAINT "uid_notificatio_person__713386" UNIQUE ("person_id", "topic", "channel")
);
CREATE TABLE "report" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "kind" VARCHAR(12) NOT NULL,
    "subject_id" BIGINT NOT NULL,
    "appeal" INT NOT NULL,
    "reason" VARCHAR(500) NOT NULL,
    "at" TIMESTAMP NOT NULL,
    "settled_at" TIMESTAMP,
    "outcome" VARCHAR(10) NOT NULL,
    "person_id" CHAR(36) NOT NULL REFERENCES "person" ("id") ON DELETE CASCADE,
    CONSTRAINT "uid_report_kind_78ac8e" UNIQUE ("kind", "subject_id", "person_id", "appeal")
);
CREATE INDEX "idx_report_settled_0498d4" ON "report" ("settled_at", "id");
CREATE INDEX "idx_comment_proposa_347478" ON "comment" ("proposal_id", "parent_id", "answers", "id");
CREATE INDEX "idx_comment_parent__500207" ON "comment" ("parent_id", "id");
CREATE INDEX "idx_comment_author__eaa782" ON "comment" ("author_id");
CREATE INDEX "idx_deadline_answere_843ba8" ON "deadline" ("answered_at", "due_at", "id");
CREATE INDEX "idx_deadline_answere_f63028" ON "deadline" ("answered_at", "id");
CREATE INDEX "idx_deadline_provisi_7e1148" ON "deadline" ("provisional");
CREATE INDEX "idx_mail_sent_at_2adc9d" ON "mail" ("sent_at", "failed", "next_at");
CREATE INDEX "idx_notificatio_digest_09d6dc" ON "notification" ("digest", "person_id");
CREATE INDEX "idx_proposal_publish_dba894" ON "proposal" ("published_at", "id");
CREATE INDEX "idx_proposal_support_a65c86" ON "proposal" ("supports_total", "id");
CREATE INDEX "idx_proposal_comment_83d4cf" ON "proposal" ("comments", "id");
CREATE INDEX "idx_proposal_due_at_0e34ff" ON "proposal" ("due_at", "id");
CREATE INDEX "idx_proposal_merged__a8246f" ON "proposal" ("merged_into_id");
CREATE INDEX "idx_deadline_warn_at_1d4b78" ON "deadline" ("warn_at");
CREATE TABLE "motion_clause" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "number" INT NOT NULL,
    "text" TEXT NOT NULL,
    "wanted" VARCHAR(500) NOT NULL,
    "due_on" DATE NOT NULL,
    "salt" BLOB NOT NULL,
    "counterpart_id" BIGINT REFERENCES "party" ("id") ON DELETE RESTRICT,
    "motion_id" BIGINT NOT NULL REFERENCES "motion" ("id") ON DELETE CASCADE,
    "obligation_id" BIGINT REFERENCES "obligation" ("id") ON DELETE SET NULL,
    "party_id" BIGINT NOT NULL REFERENCES "party" ("id") ON DELETE RESTRICT,
    CONSTRAINT "uid_motion_clau_motion__e8b717" UNIQUE ("motion_id", "number")
);
CREATE TABLE "open_day_series" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "title" VARCHAR(120) NOT NULL,
    "about" TEXT NOT NULL,
    "place" VARCHAR(200) NOT NULL,
    "access" VARCHAR(500) NOT NULL,
    "rule" VARCHAR(200) NOT NULL,
    "first_on" DATE NOT NULL,
    "slots" JSON NOT NULL,
    "announce_days" SMALLINT NOT NULL,
    "state" VARCHAR(12) NOT NULL,
    "created_at" TIMESTAMP NOT NULL,
    "area_id" BIGINT NOT NULL REFERENCES "area" ("id") ON DELETE RESTRICT,
    "host_id" BIGINT NOT NULL REFERENCES "party" ("id") ON DELETE RESTRICT
);
CREATE TABLE "open_day" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "title" VARCHAR(120) NOT NULL,
    "about" TEXT NOT NULL,
    "place" VARCHAR(200) NOT NULL,
    "access" VARCHAR(500) NOT NULL,
    "online_url" VARCHAR(300) NOT NULL,
    "latitude" INT,
    "longitude" INT,
    "starts_at" TIMESTAMP NOT NULL,
    "ends_at" TIMESTAMP NOT NULL,
    "opens_at" TIMESTAMP NOT NULL,
    "closes_at" TIMESTAMP NOT NULL,
    "state" VARCHAR(12) NOT NULL,
    "cancel_reason" VARCHAR(500) NOT NULL,
    "report" TEXT NOT NULL,
    "salt" BLOB NOT NULL,
    "on_day" DATE,
    "reported_at" TIMESTAMP,
    "registered" INT NOT NULL,
    "waiting" INT NOT NULL,
    "attended" INT NOT NULL,
    "revision" INT NOT NULL,
    "created_at" TIMESTAMP NOT NULL,
    "area_id" BIGINT NOT NULL REFERENCES "area" ("id") ON DELETE RESTRICT,
    "author_id" CHAR(36) REFERENCES "person" ("id") ON DELETE RESTRICT,
    "host_id" BIGINT NOT NULL REFERENCES "party" ("id") ON DELETE RESTRICT,
    "scenario_id" BIGINT REFERENCES "scenario" ("id") ON DELETE SET NULL,
    "series_id" BIGINT REFERENCES "open_day_series" ("id") ON DELETE SET NULL,
    CONSTRAINT "uid_open_day_series__492bf3" UNIQUE ("series_id", "on_day")
);
CREATE INDEX "idx_open_day_state_5503c9" ON "open_day" ("state", "starts_at");
CREATE INDEX "idx_open_day_area_id_10048a" ON "open_day" ("area_id", "starts_at");
CREATE INDEX "idx_open_day_host_id_83a9ac" ON "open_day" ("host_id", "starts_at");
CREATE TABLE "open_day_host" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "open_day_id" BIGINT NOT NULL REFERENCES "open_day" ("id") ON DELETE CASCADE,
    "party_id" BIGINT NOT NULL REFERENCES "party" ("id") ON DELETE RESTRICT,
    CONSTRAINT "uid_open_day_ho_open_da_fe66b8" UNIQUE ("open_day_id", "party_id")
);
CREATE TABLE "open_day_question" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "body" VARCHAR(1000) NOT NULL,
    "salt" BLOB NOT NULL,
    "state" VARCHAR(12) NOT NULL,
    "supports" INT NOT NULL,
    "answer" TEXT NOT NULL,
    "answered_at" TIMESTAMP,
    "hidden_reason" VARCHAR(500) NOT NULL,
    "at" TIMESTAMP NOT NULL,
    "answered_by_id" BIGINT REFERENCES "party" ("id") ON DELETE RESTRICT,
    "author_id" CHAR(36) REFERENCES "person" ("id") ON DELETE RESTRICT,
    "open_day_id" BIGINT NOT NULL REFERENCES "open_day" ("id") ON DELETE CASCADE,
    "proposal_id" BIGINT REFERENCES "proposal" ("id") ON DELETE SET NULL
);
CREATE INDEX "idx_open_day_qu_open_da_435211" ON "open_day_question" ("open_day_id", "supports");
CREATE TABLE "open_day_slot" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "position" SMALLINT NOT NULL,
    "starts_at" TIMESTAMP NOT NULL,
    "ends_at" TIMESTAMP NOT NULL,
    "capacity" INT NOT NULL,
    "taken" INT NOT NULL,
    "waiting" INT NOT NULL,
    "open_day_id" BIGINT NOT NULL REFERENCES "open_day" ("id") ON DELETE CASCADE, "turns" INT NOT NULL DEFAULT 0,
    CONSTRAINT "uid_open_day_sl_open_da_cb028b" UNIQUE ("open_day_id", "position")
);
CREATE TABLE "question_support" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "person_id" CHAR(36) NOT NULL REFERENCES "person" ("id") ON DELETE CASCADE,
    "question_id" BIGINT NOT NULL REFERENCES "open_day_question" ("id") ON DELETE CASCADE,
    CONSTRAINT "uid_question_su_questio_7dea5e" UNIQUE ("question_id", "person_id")
);
CREATE TABLE "registration" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "name" VARCHAR(80) NOT NULL,
    "size" SMALLINT NOT NULL,
    "state" VARCHAR(12) NOT NULL,
    "code" VARCHAR(16) NOT NULL UNIQUE,
    "current" VARCHAR(64)  UNIQUE,
    "at" TIMESTAMP NOT NULL,
    "promoted_at" TIMESTAMP,
    "checked_in_at" TIMESTAMP,
    "clerk_id" CHAR(36) REFERENCES "person" ("id") ON DELETE SET NULL,
    "open_day_id" BIGINT NOT NULL REFERENCES "open_day" ("id") ON DELETE CASCADE,
    "party_id" BIGINT REFERENCES "party" ("id") ON DELETE CASCADE,
    "person_id" CHAR(36) REFERENCES "person" ("id") ON DELETE CASCADE,
    "slot_id" BIGINT NOT NULL REFERENCES "open_day_slot" ("id") ON DELETE CASCADE
, "attempt" VARCHAR(40) NOT NULL DEFAULT '');
CREATE INDEX "idx_registratio_slot_id_7d2ae2" ON "registration" ("slot_id", "state", "id");
CREATE INDEX "idx_registratio_open_da_a5d105" ON "registration" ("open_day_id", "state");
CREATE INDEX "idx_registratio_person__96dcf2" ON "registration" ("person_id");
CREATE TABLE "open_day_feedback" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "stars" SMALLINT NOT NULL,
    "text" VARCHAR(1000) NOT NULL,
    "salt" BLOB NOT NULL,
    "at" TIMESTAMP NOT NULL,
    "open_day_id" BIGINT NOT NULL REFERENCES "open_day" ("id") ON DELETE CASCADE,
    "registration_id" BIGINT NOT NULL UNIQUE REFERENCES "registration" ("id") ON DELETE CASCADE
);
CREATE TRIGGER open_day_slot_full BEFORE UPDATE OF taken, capacity ON open_day_slot
WHEN new.taken < 0 OR new.taken > new.capacity BEGIN SELECT RAISE(ABORT, 'open_day_slot_full'); END;
CREATE TABLE "token_issue" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "blinded" VARCHAR(64) NOT NULL,
    "ballot_id" BIGINT NOT NULL REFERENCES "ballot" ("id") ON DELETE CASCADE,
    "person_id" CHAR(36) NOT NULL REFERENCES "person" ("id") ON DELETE CASCADE,
    CONSTRAINT "uid_token_issue_ballot__9f41b0" UNIQUE ("ballot_id", "person_id")
);
CREATE TABLE "paper_polling" (
    "state" VARCHAR(12) NOT NULL,
    "replaced" INT NOT NULL,
    "taken_back" INT NOT NULL,
    "missing_reason" VARCHAR(500) NOT NULL,
    "ballot_id" BIGINT NOT NULL  PRIMARY KEY REFERENCES "ballot" ("id") ON DELETE CASCADE
);
CREATE TABLE "paper_batch" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "number" INT NOT NULL,
    "sheets" INT NOT NULL,
    "state" VARCHAR(12) NOT NULL,
    "differing" INT NOT NULL,
    "reason" VARCHAR(500) NOT NULL,
    "ballot_id" BIGINT NOT NULL REFERENCES "ballot" ("id") ON DELETE RESTRICT,
    CONSTRAINT "uid_paper_batch_ballot__b3f6ef" UNIQUE ("ballot_id", "number")
);
CREATE TABLE "paper_reading" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "turn" INT NOT NULL,
    "ruling" INT NOT NULL,
    "sealed" BLOB NOT NULL,
    "batch_id" BIGINT NOT NULL REFERENCES "paper_batch" ("id") ON DELETE CASCADE,
    "clerk_id" CHAR(36) NOT NULL REFERENCES "person" ("id") ON DELETE RESTRICT,
    CONSTRAINT "uid_paper_readi_batch_i_851599" UNIQUE ("batch_id", "turn")
);
CREATE TABLE paper_voter (
    id VARCHAR(32) NOT NULL PRIMARY KEY,
    ballot_id BIGINT NOT NULL REFERENCES ballot (id) ON DELETE CASCADE,
    person_id CHAR(36) NOT NULL REFERENCES person (id) ON DELETE RESTRICT,
    UNIQUE (ballot_id, person_id)) WITHOUT ROWID;
CREATE TABLE "ballot_complaint" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "number" INT NOT NULL,
    "reason" TEXT NOT NULL,
    "salt" BLOB NOT NULL,
    "at" TIMESTAMP NOT NULL,
    "answer_by" TIMESTAMP NOT NULL,
    "upheld" INT,
    "answer" TEXT NOT NULL,
    "answered_at" TIMESTAMP,
    "ballot_id" BIGINT NOT NULL REFERENCES "ballot" ("id") ON DELETE RESTRICT,
    "party_id" BIGINT REFERENCES "party" ("id") ON DELETE RESTRICT,
    "person_id" CHAR(36) NOT NULL REFERENCES "person" ("id") ON DELETE RESTRICT,
    CONSTRAINT "uid_ballot_comp_ballot__57fe51" UNIQUE ("ballot_id", "person_id"),
    CONSTRAINT "uid_ballot_comp_ballot__accf90" UNIQUE ("ballot_id", "number")
);
CREATE TABLE "roll" (
    "lines" INT NOT NULL,
    "weight" BIGINT NOT NULL,
    "sha256" VARCHAR(64) NOT NULL,
    "announced" VARCHAR(64) NOT NULL,
    "corrections" INT NOT NULL,
    "ballot_id" BIGINT NOT NULL  PRIMARY KEY REFERENCES "ballot" ("id") ON DELETE CASCADE
, "edition" INT NOT NULL DEFAULT 0);
CREATE TABLE "roll_challenge" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "about" VARCHAR(12) NOT NULL,
    "text" VARCHAR(1000) NOT NULL,
    "salt" BLOB NOT NULL,
    "state" VARCHAR(12) NOT NULL,
    "answer" VARCHAR(500) NOT NULL,
    "at" TIMESTAMP NOT NULL,
    "decided_at" TIMESTAMP,
    "ballot_id" BIGINT NOT NULL REFERENCES "ballot" ("id") ON DELETE CASCADE,
    "person_id" CHAR(36) NOT NULL REFERENCES "person" ("id") ON DELETE CASCADE
);
CREATE INDEX "idx_roll_challe_ballot__f261ce" ON "roll_challenge" ("ballot_id", "state");
CREATE INDEX "idx_roll_challe_person__f62d72" ON "roll_challenge" ("person_id");
CREATE TABLE roll_line (
    ballot_id BIGINT NOT NULL REFERENCES ballot (id) ON DELETE CASCADE, edition INT NOT NULL DEFAULT 0,
    person_key VARCHAR(64) NOT NULL, weight BIGINT NOT NULL, PRIMARY KEY (ballot_id, edition, person_key)) WITHOUT ROWID;
CREATE TABLE "roll_upload" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "edition" INT NOT NULL,
    "state" VARCHAR(12) NOT NULL,
    "take" INT NOT NULL,
    "done" INT NOT NULL,
    "rows" INT NOT NULL,
    "weighted" INT NOT NULL,
    "weight" BIGINT NOT NULL,
    "wrong" INT NOT NULL,
    "refused" JSON NOT NULL,
    "error" JSON,
    "sha256" VARCHAR(64) NOT NULL,
    "started_at" TIMESTAMP NOT NULL,
    "beat_at" TIMESTAMP NOT NULL,
    "ballot_id" BIGINT NOT NULL REFERENCES "ballot" ("id") ON DELETE CASCADE,
    "person_id" CHAR(36) REFERENCES "person" ("id") ON DELETE SET NULL,
    CONSTRAINT "uid_roll_upload_ballot__41cfd7" UNIQUE ("ballot_id", "edition")
);
CREATE INDEX "idx_roll_upload_beat_at_58c263" ON "roll_upload" ("beat_at");
CREATE INDEX "idx_obligation_party_i_02ded2" ON "obligation" ("party_id", "state", "due_on");
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
