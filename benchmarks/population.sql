-- The rows of `population.py`, in this order; what stands in braces it fills in.

-- table user_account
INSERT INTO user_account (id, username, email, email_verified_at, hashed_password, first_name,
    birth_date, role, is_active)
OVERRIDING SYSTEM VALUE
SELECT number, 'user_' || number, 'user_' || number || '@example.com', now(), 'none', 'Somebody',
    '1990-12-10', 'member', true
FROM generate_series(1, {accounts}) AS number;

-- table post
-- One more each minute, up to now. The third power makes some accounts write much.
INSERT INTO post (id, author_id, title, body, status, published_at, created_at, updated_at)
OVERRIDING SYSTEM VALUE
SELECT drawn.number, author_id,
    initcap(split_part(one.words, ' ', 1) || ' ' || split_part(two.words, ' ', 1)),
    one.words || E'\n\n' || two.words || ' ' || rare, 'published', at, at, at
FROM (
    SELECT number,
        1 + floor(power(random(), 3) * {accounts})::int AS author_id,
        1 + floor(random() * {paragraphs})::int AS first,
        1 + floor(random() * {paragraphs})::int AS second,
        'q' || translate((number % ({posts} / {posts_with_a_rare_word}))::text,
            '0123456789', 'bdfghklmnp') AS rare,
        now() - ({posts} - number) * interval '1 minute' AS at
    FROM generate_series(1, {posts}) AS number
) AS drawn
JOIN paragraph AS one ON one.number = first
JOIN paragraph AS two ON two.number = second
ORDER BY drawn.number;

-- table post_like
INSERT INTO post_like (post_id, user_id)
SELECT post, 1 + (post::bigint * 7919 + nth * 104729) % {accounts}
FROM generate_series(1, {posts}) AS post, generate_series(1, post::bigint * 31 % 7) AS nth;

-- table profile
INSERT INTO profile (user_id, display_name, bio, is_creator)
SELECT number, 'User ' || number, '', true FROM generate_series(1, {accounts}) AS number;

-- table profile_follow
-- Everybody follows some, and the last accounts many creators from all over.
INSERT INTO profile_follow (follower_id, creator_id)
SELECT follower, creator
FROM (
    SELECT follower, 1 + (follower::bigint * 7919 + nth * 104729) % {accounts} AS creator
    FROM generate_series(1, {accounts} - {readers}) AS follower, generate_series(1, 10) AS nth
    UNION ALL
    SELECT {accounts} - reader, 1 + reader + nth * ({accounts} / ({follows} + {readers}))
    FROM generate_series(0, {readers} - 1) AS reader, generate_series(0, {follows} - 1) AS nth
) AS follow
WHERE follower <> creator;

-- table comment
-- Under every other post one and up to two replies. Under the first a thread, of which all but the
-- beginnings reply, three to one. Its comments come in turn with the others, so that they lie all
-- over the table.
INSERT INTO comment (id, post_id, parent_id, depth, author_id, body, reply_count, created_at)
OVERRIDING SYSTEM VALUE
SELECT made.id, post_id, parent_id, depth, 1 + made.id * 7919 % {accounts}, words, replies, now()
FROM (
    SELECT post * 8::bigint + nth AS id, post AS post_id,
        CASE WHEN nth > 0 THEN post * 8::bigint END AS parent_id,
        least(nth, 1) AS depth,
        CASE WHEN nth > 0 THEN 0 ELSE post % 3 END AS replies
    FROM generate_series(2, {posts}, 2) AS post, generate_series(0, post % 3) AS nth
    UNION ALL
    SELECT place * step + 7, 1, CASE WHEN depth > 0 THEN place / 3 * step + 7 END, depth,
        (SELECT count(*) FROM generate_series({beginnings}, {thread} - 1) AS reply
            WHERE reply / 3 = place)
    FROM (
        SELECT place, {posts} / {thread} * 8::bigint AS step,
            CASE WHEN place < {beginnings} THEN 0 WHEN place < 3 * {beginnings} THEN 1
                WHEN place < 9 * {beginnings} THEN 2 ELSE 3 END AS depth
        FROM generate_series(0, {thread} - 1) AS place
    ) AS placed
) AS made
JOIN paragraph ON number = 1 + made.id % {paragraphs}
ORDER BY made.id;
