-- genie-handoff: FULL_REPLACE
-- plan: customers
-- plan id: 6b1f7c1e-9a55-4a5e-8f5e-0f7c2f6b9d10
-- plan version: 1.0.0
-- plan hash: 4551dc67f14cfbb1042dfcb44231757e8c9ba9ed7f6cbce869d4bc9bf61065f9
-- genie session: 01efb6dffce81535b00f4865c7a33f61
CREATE OR REPLACE TABLE `main`.`mart`.`customers`
USING DELTA
PARTITIONED BY (`order-date`)
TBLPROPERTIES (
  'note' = 'it\'s ours'
)
AS SELECT `id`, `name`, `order-date`
FROM `lake-house`.`raw`.`customers`
WHERE (status <> 'test' OR status IS NULL)
  AND (id > 0)
