-- genie-handoff: SURROGATE_KEY
-- plan: customers
-- plan id: 6b1f7c1e-9a55-4a5e-8f5e-0f7c2f6b9d10
-- plan version: 1.0.0
-- plan hash: c8518d989e6c3d9794f970815271e0febdecaa4f29142c586e62d33f6a804770
-- genie session: 01efb6dffce81535b00f4865c7a33f61
MERGE INTO `main`.`mart`.`customers` AS t
USING (
  WITH incoming AS (
    SELECT *
    FROM (
      SELECT `id`, `name`, `order-date`,
        ROW_NUMBER() OVER (PARTITION BY `id` ORDER BY `name` DESC, `order-date` DESC) AS `__gh_n`
      FROM `lake-house`.`raw`.`customers`
      WHERE (status <> 'test' OR status IS NULL)
    )
    WHERE `__gh_n` = 1
  )
  SELECT incoming.`id`, incoming.`name`, incoming.`order-date`,
    COALESCE((SELECT MAX(w.`customer_key`) FROM `main`.`mart`.`customers` AS w), 0) + ROW_NUMBER() OVER (ORDER BY incoming.`id` ASC NULLS FIRST) AS `customer_key`
  FROM incoming
  LEFT ANTI JOIN `main`.`mart`.`customers` AS d ON d.`id` <=> incoming.`id`
  UNION ALL
  SELECT incoming.`id`, incoming.`name`, incoming.`order-date`,
    CAST(NULL AS BIGINT) AS `customer_key`
  FROM incoming
  LEFT SEMI JOIN `main`.`mart`.`customers` AS d ON d.`id` <=> incoming.`id`
) AS s
ON t.`id` <=> s.`id`
WHEN MATCHED AND NOT (
    t.`name` <=> s.`name`
  ) THEN UPDATE SET
    `name` = s.`name`
WHEN NOT MATCHED THEN INSERT (
    `customer_key`, `id`, `name`, `order-date`
  ) VALUES (
    s.`customer_key`, s.`id`, s.`name`, s.`order-date`
  )
